# bash completions for lanes, written by `lanes completions bash`. For bash 3.2 (macOS) and later; bash-completion is used
# where it is loaded, for the words of the command that lanes is to run, and not needed.

# What may follow `lanes $1`: sets words (commands below it), options, operands (a kind for each; the last one goes on
# if `more` is set), and how many operands may stand before an option.
_lanes_of() {
  words='' options='' operands='' more='' until=99
  case "$1" in
@COMMANDS@
  esac
}

# What the value of option $2 of `lanes $1` may be: sets value; empty if it takes none.
_lanes_value() {
  value=''
  case "$1 $2" in
@VALUES@
  esac
}

# Adds what begins like $cur: words from $2, or files, folders, commands.
_lanes_offer() {
  local found word
  case "$1" in
  words) found=$(compgen -W "$2" -- "$cur") ;;
  file) compopt -o filenames 2>/dev/null; found=$(compgen -f -- "$cur") ;;
  dir) compopt -o filenames 2>/dev/null; found=$(compgen -d -- "$cur") ;;
  command) compopt -o filenames 2>/dev/null; found=$(compgen -c -- "$cur"; compgen -d -- "$cur") ;;
  esac
  [[ -z $found ]] && return
  while IFS= read -r word; do COMPREPLY+=("$word"); done <<<"$found"
}

# The words from $1 on are a command of the user's, and `:::` and what follows are values for it.
_lanes_command() {
  local i
  for ((i = $1; i < COMP_CWORD; i++)); do
    case "${COMP_WORDS[i]}" in :::*) _lanes_offer file; return ;; esac
  done
  if (($1 == COMP_CWORD)); then
    _lanes_offer command
  elif declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$1"
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  else
    _lanes_offer file
  fi
}

_lanes() {
  local cur=${COMP_WORDS[COMP_CWORD]} path='' pending='' count=0 ended='' i word value kind
  local words options operands more until
  COMPREPLY=()
  _lanes_of ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ -n $pending ]]; then
      # bash makes three words of `--option=value`.
      [[ $word == '=' ]] || pending=''
      continue
    fi
    if [[ -z $ended && $word == -- ]]; then
      ended=1
    elif [[ -z $ended && $word == -* ]]; then
      _lanes_value "$path" "$word"
      [[ -n $value ]] && pending=$word
    elif ((count == 0)) && [[ " $words " == *" $word "* ]]; then
      [[ $word == help && -z $path ]] || path="$path${path:+ }$word"
      _lanes_of "$path"
    else
      kind=$(_lanes_kind)
      [[ $kind == command ]] && { _lanes_command "$i"; return; }
      count=$((count + 1))
      ((count > until)) && ended=1
    fi
  done
  if [[ -n $pending ]]; then
    [[ $cur == '=' ]] && cur=''
    _lanes_value "$path" "$pending"
    _lanes_offer ${value%% *} "${value#* }"
    return
  fi
  if [[ -z $ended && $cur == -* ]]; then
    _lanes_offer words "$options"
    return
  fi
  ((count == 0)) && [[ -n $words ]] && _lanes_offer words "$words"
  kind=$(_lanes_kind)
  case "$kind" in
  command) _lanes_command "$COMP_CWORD" ;;
  words:*) kind=${kind#words:}; _lanes_offer words "${kind//,/ }" ;;
  *) _lanes_offer "$kind" ;;
  esac
}

# The kind of the next operand.
_lanes_kind() {
  local kinds=($operands)
  local last=$((${#kinds[@]} - 1))
  if ((count <= last)); then
    echo "${kinds[count]}"
  elif [[ -n $more ]]; then
    echo "${kinds[last]}"
  fi
}

complete -F _lanes lanes
