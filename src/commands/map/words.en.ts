/** `lanes map`: your own function over many items. */
export const map = {
  "map.module.load": "{file} does not load:\n{detail}",
  "map.module.quit":
    "{file} ended its process while it loaded ({ending}). A module for lanes map exports a function and returns.",
  "map.module.export": "{file} has no export '{name}'. It exports: {there}",
  "map.module.type": "{file}: export '{name}' is not a function but {type}.",
  "map.module.init": "{file}: --init {name} failed:\n{detail}",
  "map.module.missing": "no such file: {file}",
  "map.module.folder":
    "{file} is a folder. Name the file with your function: lanes map --new FILE writes one to begin with.",
  "map.module.unreadable": "cannot read {file} ({reason})",
  "map.module.bytes":
    "cannot load {file}: its path is not UTF-8, and the JavaScript engine finds no module there. Copy it to a folder whose name is, or rename it.",
  "map.module.query":
    "cannot load {file}: the JavaScript engine takes what follows the '?' for a query, and would load another file. Rename it or its folder.",
  "map.module.nested":
    "{file} is already being mapped: a worker of that very lanes map started this one. It would start lanes without end; refused.",
  "map.worker.starts":
    "{times} workers died one after another before they were ready (the last one: {ending}). Stopped.",
  "map.worker.replaced":
    "the executable {path} was replaced while lanes was running (this is {mine}, that is {other}). Start lanes again.",
  "map.worker.late.load":
    "{file}: worker {lane} has not loaded it within {seconds} s, and was stopped (--timeout holds for loading too, but is never less than 5 s for it). Does something at its top level wait for ever?",
  "map.worker.late.init":
    "{file}: --init in worker {lane} has not ended within {seconds} s, and was stopped (--timeout holds for it too, but is never less than 5 s for it). Does it wait for ever?",
  "map.tsconfig": "{file} cannot be used: {reason}",
  "map.tsconfig.base":
    "{file} extends {base}, which is not there: it is left out. Install it, or name a file that exists.",
  "map.news.load": "{lane} still loads {file} ({time})",
  "map.news.init": "{lane} still waits for the end of --init ({time})",
  "map.news.again.line": "worker {lane} died at line {n}, which is run again: {detail}",
  "map.news.again.item": "worker {lane} died at item {n}, which is run again: {detail}",
  "map.news.idle": "an error that nobody caught ended worker {lane} while it was at no item: {detail}",
  "map.news.start": "worker {lane} could not begin; another is tried in {time}: {detail}",
  "map.line.long": "line {line} is longer than {limit} MiB. Is this input made of lines?",
  "map.input.read": "cannot read standard input ({reason})",
  "map.command": "your own TypeScript function over many items, on warm worker processes",
  "map.description":
    "Calls the default export (or EXPORT) of a TypeScript or JavaScript file for each item, on warm worker processes, and prints one result a line, in the items' order. Items: the arguments after FILE, else the lines of standard input, read as they are needed. Each is run at least once: those of a worker that dies are run again.",
  "map.example.stdin": "one result a line",
  "map.example.items": "items as arguments, another export",
  "map.example.jsonl": "JSON in, failures as records",
  "map.example.timeout": "end what hangs, try again twice",
  "map.example.new": "write a starter to begin with",
  "map.option.jobs": "workers at once: N, N% of the cores, +N, -N, 0 as many as items (default: the cores)",
  "map.option.input": "each line is an item as it is (lines, the default), or its JSON",
  "map.option.integers":
    "an integer in JSON that a JavaScript number cannot hold: hand over its digits as a string, or the nearest number (default: the item fails)",
  "map.option.output": "results as JSON (the default); or raw: text and bytes as they are",
  "map.option.unordered": "print results as they come",
  "map.option.chunk": "items a message: auto, or a number",
  "map.option.timeout":
    "an item that takes longer fails, and its worker is killed (10s, 500ms, 2m); loading and --init have as long, at least 5 s",
  "map.option.retries":
    "try a failed item again (default: only one whose worker died; so an item may run more than once)",
  "map.option.onError":
    "at a failed item: stop; skip it without a word; or print a record in its place (default: go on, tell on stderr)",
  "map.option.recycle": "replace a worker after so many items",
  "map.option.maxRss": "replace a worker that has grown beyond this (500M, 2G)",
  "map.option.init": "an export to call once in each worker before its first item",
  "map.option.summary": "sum up at the end, also where all went well and nobody watches",
  "map.option.json": "a JSON summary on stderr at the end",
  "map.option.jsonl": "events on stderr as they happen, one JSON object a line",
  "map.option.new": "write a commented starter module, and the types it uses",
  "map.chunk.expected": "auto or a whole number from 1 to {max}",
  "map.fail.line": "line {n} failed",
  "map.fail.item": "item {n} failed",
  "map.fail.attempts": "after {n} attempts",
  "map.fail.timeout": "not done within its time (--timeout); its worker {lane} was killed",
  "map.fail.timeout.itself": "not done within its time (--timeout)",
  "map.fail.memory": "its worker {lane} grew beyond --max-rss and was killed",
  "map.fail.exit": "it ended its worker {lane} ({detail})",
  "map.fail.uncaught": "an error that nobody caught came up while it ran, and ended its worker {lane}: {error}",
  "map.fail.crash": "its worker {lane} died ({detail})",
  "map.summary.items": "{n} {n:item|items} in {time} on {workers} {workers:worker|workers}",
  "map.summary.rate": "{rate}/s",
  "map.summary.failed": "{n} failed",
  "map.summary.retried": "{n} tried again",
  "map.summary.crashes": "{n} {n:worker|workers} died",
  "map.summary.stopped": "stopped at the first failure",
  "map.notDone": "not done: {what}",
  "map.notDone.rest": "everything from {first} on",
  "map.progress.left": "{time} left",
  "map.module.stream": "{file} is no file that can be read twice, as each worker does: save it under a name of its own",
  "map.optionItem": "{option} stands after FILE, and so is an item; options stand before FILE",
  "map.reading": "reading items from the terminal, one a line; Ctrl-D ends",
  "map.new.exists": "{file} is already there; name another.",
  "map.new.cannot": "cannot write {file} ({reason})",
  "map.new.done": "wrote {file} and {types}. Try: {command}",
  "map.option.on":
    "items go to FARM, a PostgreSQL database (postgres://USER@HOST/DB, or a name from ~/.config/lanes/farms): this machine and all that run `lanes work FARM` do them",
  "map.option.noWork": "with --on: this machine does none of the items, and only collects",
  "map.option.moduleHere":
    "with --on: each machine loads FILE from its own disk, at the same path; otherwise it is sent, with all it imports",
  "map.onlyOn": "{option} is for items on a farm: it needs --on FARM",
  "map.example.on": "on this machine and all that run `lanes work farm`",
} as const;
