/** `lanes run`. */
export const run = {
  "command.run": "run commands on every core",
  "run.description":
    "Runs COMMAND once for each value, several at a time; values come from :::, :::: FILE or stdin.\nPlaceholders as in GNU parallel: {} {.} {/} {//} {/.} {#} {%} {1}; without one the value is appended; {{1}} is the text {1}.\nWithout COMMAND every line of stdin is a shell command of its own.",
  "run.example.list": "one job for each file",
  "run.example.stdin": "values from a pipe, separated by NUL",
  "run.example.order": "output in the order of the values, each line with its value",
  "run.example.shell": "in a shell; values are quoted",
  "run.example.resume": "every combination; go on after an interruption",
  "run.example.lines": "each line is a command",
  "run.option.jobs":
    "jobs at once: N, N% of the cores, +N or -N (more or fewer than cores), 0 (as many as possible); default: the cores this process may use",
  "run.option.keepOrder": "pass output on in the order of the input",
  "run.option.tag": "begin each line of output with the value",
  "run.option.lineBuffer":
    "pass on lines as they come (with -k those of the job whose turn it is, then the next one's)",
  "run.option.maxArgs": "values for each job; with several sources, combinations of them",
  "run.option.null": "values on stdin and in files end with NUL, not with a newline",
  "run.option.shell":
    "run COMMAND by a shell, values are quoted: sh, or the one named (bash, zsh, a path); LANES_SHELL names another default",
  "run.option.noShell": "COMMAND is meant as it stands, though it looks like shell",
  "run.option.dryRun": "print the commands, run none",
  "run.option.halt": "never | soon|now[,fail|success|done=N|N%]: when to start no more jobs (soon) or stop all (now)",
  "run.option.exitCode":
    "the exit code is that of the job that halted the run, or the number of failed jobs (101: more than 100)",
  "run.option.retries": "try a failing job up to N times in all",
  "run.option.delay": "time between two starts: seconds, or 500ms, 2m, 1h",
  "run.option.timeout": "stop a job that takes longer: seconds, 500ms, 2m; or a share of the median, 200%",
  "run.option.results": "keep the output of each job in files below DIR",
  "run.option.joblog": "log each job that ended, in GNU parallel's columns; +FILE adds to what is there",
  "run.option.resume": "leave out jobs that the joblog has",
  "run.option.resumeFailed": "leave out jobs that the joblog has as successful",
  "run.option.memfree":
    "start no job while less memory is available (10G); below half of it the youngest job is put off",
  "run.option.load": "start no job while the load average is N or more (N% of the cores)",
  "run.option.tty": "give jobs the terminal; one at a time unless -j says otherwise",
  "run.option.progress": "show a line of progress, terminal or not",
  "run.option.summary": "sum up at the end, also where all went well and nobody watches",
  "run.option.json": "a JSON summary on stderr at the end",
  "run.option.jsonl": "events on stderr as they happen, one JSON object a line",
  "run.option.needless": "no effect: it is so in any case, and taken for scripts written for GNU parallel",
  "run.expected.duration": "a duration: seconds, or 500ms, 10s, 2m, 1h30m, 1d",
  "run.expected.timeout": "a duration (seconds, 500ms, 2m, 1h; 0: none) or N%",
  "run.expected.size": "a number of bytes, or 500k, 512M, 2G, 1T, 2GiB, 2GB",
  "run.expected.memory": "a number of bytes, or 500k, 512M, 2G, 1T, 2GiB, 2GB, or N% of the memory",
  "run.expected.jobs": "N, N%, +N, -N or 0, at most {limit}",
  "run.expected.load": "a number above 0, or N%",
  "run.error.source": "cannot read values from {path}: {reason}",
  "run.error.linked": "{marker} needs a source before it to be linked to",
  "run.error.noFile": "{marker} needs the name of a file",
  "run.error.shell": "--shell needs a COMMAND; without one every value is a shell command already",
  "run.error.noShell": "there is no shell {shell} (named by {source}); nothing was started",
  "run.error.shellWord":
    "{word} means something to a shell only, and none is used here: write --shell (lanes run --shell 'COMMAND' …), or --no-shell if it is an argument",
  "run.error.shellLine":
    "there is no program of the name {word}; if it is a line of shell, write --shell before it (--no-shell: it is a name)",
  "run.error.shellAssignment":
    "{word} sets a variable in a shell only: write --shell before it, or use env {word} … (--no-shell: it is a name)",
  "run.error.noValue":
    "{placeholder}: a job has {n} {n:value|values} here; if the text {placeholder} is meant, write {literal}",
  "run.error.unknownShell":
    "lanes does not know how {shell} quotes, so no value can be put into a command for it; without --shell it gets values as arguments: lanes run {shell} -c '…' {}",
  "run.error.unfinished.quotes": "the text for the shell ends within quotes",
  "run.error.unfinished.substitution": "the text for the shell ends within parentheses, braces, backticks or case",
  "run.error.noPlace":
    "the text for the shell has no place for the value at its end, where a command is complete; write {} where it belongs, or : {} to leave it unused",
  "run.error.place.arithmetic":
    "{placeholder} would be evaluated where it stands (arithmetic, a subscript, the name of a variable), so a value could be code; let a program calculate: expr {placeholder} + 1",
  "run.error.place.code":
    '{placeholder} would be part of code that is run from there (eval, trap, alias, PS4), so a value could be code; put it into a variable before (v={placeholder}) and write "$v" in the code',
  "run.error.place.parameter":
    "{placeholder} stands within ${…}, where no value can be quoted; put it into a variable before (v={placeholder}) and write that there",
  "run.error.place.dollar":
    "{placeholder} right after $ would make a variable of the value; if the shell's own variable is meant, write ${literal}; if a dollar sign, \\${placeholder}",
  "run.error.place.tilde":
    "{placeholder} right after ~ would make a user's home of the value; write \\~{placeholder} for the sign itself",
  "run.error.place.duplicate":
    "{placeholder} after >& is expanded twice by bash, so a value could be code; write > {placeholder} 2>&1",
  "run.error.place.delimiter": "{placeholder} cannot be the delimiter of a here-document; write a word there",
  "run.error.place.quotedBody":
    "{placeholder} stands in a here-document whose delimiter is quoted, where nothing can be quoted; write the delimiter without quotes, or pipe: printf '%s\\n' {placeholder} | …",
  "run.error.place.glued":
    "{placeholder} stands right after a variable in a here-document, and would become part of its name; write the variable as ${…}",
  "run.error.place.ansi":
    "{placeholder} stands within $'…', which not every sh knows; close the quotes before it, or name the shell: --shell=bash",
  "run.error.place.unknown":
    'how the shell reads the text before {placeholder} is not certain, so a value there could be code; begin the text with v={placeholder} and write "$v" there',
  "run.error.resume": "--resume and --resume-failed need --joblog FILE",
  "run.error.joblog": "cannot open the joblog {path}: {reason}",
  "run.error.notJoblog": "{path} is not a joblog; it was left as it is",
  "run.error.joblogWrite": "cannot write to the joblog {path} ({reason}); the jobs were stopped",
  "run.error.results": "cannot keep results in {path}: {reason}",
  "run.error.resultsName":
    "--results {path}: {placeholder} is not filled in there; give it a folder: the values become folders below it",
  "run.error.resultsTable":
    "--results {path}: lanes makes a folder, not a table; name it {path}/ if that is what you want (--jsonl has every ending as JSON, --joblog as a table)",
  "run.error.ttyOutput": "{option} has no effect with --tty: the jobs write to the terminal themselves",
  "run.error.tempFull":
    "the disk of {folder} is full, output may be missing; make room, or choose another one (TMPDIR, --results)",
  "run.error.shortage": "cannot start any job ({reason}); raise the limits (ulimit -u, ulimit -n)",
  "run.note.terminal": "reading values from the terminal, one a line; Ctrl-D ends them",
  "run.refused.notFound": "{command}: command not found",
  "run.refused.newline":
    'a value that ends with a newline cannot stand on the line of <<; put it into a variable before: v={}; … "$v"',
  "run.refused.builtin":
    "{command}: command not found; it is a word of the shell's own: lanes run --shell '{command} …'",
  "run.refused.function":
    "{command}: command not found; it is a function of bash: lanes run --shell=bash '{command} …'",
  "run.refused.interpreter":
    "{command}: cannot be executed: its first line names {interpreter}, which is not there{hint}",
  "run.refused.notExecutable": "{command}: cannot be executed (permission denied)",
  "run.refused.long": "argument list too long",
  "run.refused.nul": "a value with a NUL byte cannot be an argument (does the input need -0?)",
  "run.refused.other": "{command}: cannot be executed ({reason})",
  "run.report.failed": "job {seq} failed ({ending}): {command}",
  "run.report.more": "{n} more {n:job|jobs} failed",
  "run.ending.code": "exit code {code}",
  "run.ending.signal": "{signal}",
  "run.ending.timedOut": "timed out",
  "run.ending.incomplete": "its output is not complete",
  "run.ending.tries": ", tried {n} times",
  "run.live.done": "{done} done",
  "run.live.doneOf": "{done}/{total} done",
  "run.live.rate": "{rate} a second",
  "run.live.left": "about {time} left",
  "run.live.more": "and {n} more",
  "run.live.drains": "no more are started",
  "run.live.key": "q: start no more",
  "run.sum.jobs": "{n} {n:job|jobs}",
  "run.sum.ok": "{n} ok",
  "run.sum.failed": "{n} failed",
  "run.sum.timedOut": "{n} timed out",
  "run.sum.retried": "{n} {n:retry|retries}",
  "run.sum.skipped": "{n} done before",
  "run.sum.stopped": "{n} stopped",
  "run.sum.signal": "stopped by {signal}",
  "run.waits.load": "waiting: load {is}, limit {limit}",
  "run.waits.memfree": "waiting: {is} of memory available, {limit} wanted",
  "run.running.jobs": "{n} {n:job runs|jobs run} now",
  "run.running.job": "job {seq}, pid {pid}, {seconds} s: {command}",
  "run.sum.notStarted": "{n} not started",
  "run.sum.restNotStarted": "the rest not started",
  "run.sum.separator": ", ",
  "run.option.on":
    "jobs go to FARM, a PostgreSQL database (postgres://USER@HOST/DB, or a name from ~/.config/lanes/farms): this machine and all that run `lanes work FARM` do them",
  "run.option.noWork": "with --on: this machine does none of the jobs, and only collects",
  "run.option.detach": "with --on: hand the jobs in, print the batch's name, and leave; `lanes batch` has the rest",
  "run.option.name": "with --on: the batch's name",
  "run.option.env": "with --on: the value of this variable goes with the jobs (several times for several)",
  "run.option.noOverlap":
    "with --on: a machine out of contact ends its jobs before others may begin them; otherwise it lets them run on",
  "run.option.maxOutput": "with --on: a job that writes more to stdout or stderr fails, and the rest is cut off",
  "run.option.lease":
    "with --on: after so long without contact the jobs of this machine are given to others (5s to 1d)",
  "run.expected.name": "1 to {most} characters without blanks, not beginning with a -",
  "run.expected.variable": "the name of a variable",
  "run.onlyOn": "{option} is for jobs on a farm: it needs --on FARM",
  "run.notOn": "{option} means nothing with --on: what a lost try has written cannot be taken back",
  "run.notOn.work": "{option} belongs to each machine that works: lanes work FARM {option} …",
  "run.notDetached": "{option} is for whoever takes the results: it means nothing with --detach",
  "run.example.on": "on this machine and all that run `lanes work farm`",
} as const;
