# fish completions for lanes, written by `lanes completions fish`.

# The commands and those below them, the options that take a value, and the operands that begin a command of the user's.
set -g __lanes_paths @PATHS@
set -g __lanes_valued @VALUED@
set -g __lanes_commands @COMMANDS@
set -g __lanes_until @UNTIL@

# Reads the line up to the cursor: the command, how many operands it has, whether an option may follow, and where the
# user's own command begins (0: it does not). Asked for every line below, so read only once.
function __lanes_read
    set -l tokens (commandline -opc)
    set -l line (string escape -- $tokens | string join ' ')
    test "$line" = "$__lanes_line"; and return
    set -g __lanes_line $line
    set -g __lanes_path ''
    set -g __lanes_count 0
    set -g __lanes_ended 0
    set -g __lanes_rest 0
    set -l pending 0
    set -l at 1
    for word in $tokens[2..-1]
        set at (math $at + 1)
        if test $pending = 1
            set pending 0
        else if test $__lanes_ended = 0; and test "$word" = --
            set __lanes_ended 1
        else if test $__lanes_ended = 0; and string match -q -- '-*' $word
            contains -- "$__lanes_path $word" $__lanes_valued; and set pending 1
        else if test $__lanes_count = 0; and contains -- (string trim -- "$__lanes_path $word") $__lanes_paths
            if test "$word" != help
                set __lanes_path (string trim -- "$__lanes_path $word")
            end
        else if contains -- "$__lanes_path $__lanes_count" $__lanes_commands
            set __lanes_rest $at
            return
        else
            set __lanes_count (math $__lanes_count + 1)
            contains -- "$__lanes_path $__lanes_count" $__lanes_until; and set __lanes_ended 1
        end
    end
end

# Whether an option of `lanes $argv` may stand here.
function __lanes_option
    __lanes_read
    test "$__lanes_path" = "$argv"; and test $__lanes_rest = 0; and test $__lanes_ended = 0
end

# Whether operand number $argv[2] of `lanes $argv[1]` stands here; `N+`: this one or a later one.
function __lanes_operand
    __lanes_read
    test "$__lanes_path" = "$argv[1]"; and test $__lanes_rest = 0
    or return
    if string match -q '*+' $argv[2]
        test $__lanes_count -ge (string trim -c + $argv[2])
    else
        test $__lanes_count = $argv[2]
    end
end

# Whether the words here are those of the user's own command.
function __lanes_in_command
    __lanes_read
    test $__lanes_rest != 0
end

# What may stand in the user's own command; `:::` and what follows are values for it.
function __lanes_words_of_command
    set -l tokens (commandline -opc)
    set -l own $tokens[$__lanes_rest..-1]
    if string match -q ':::*' -- $own
        __fish_complete_path (commandline -ct)
    else
        complete -C (string join ' ' -- (string escape -- $own) (commandline -ct))
    end
end

complete -c lanes -f
complete -c lanes -n __lanes_in_command -x -a '(__lanes_words_of_command)'
@COMPLETE@
