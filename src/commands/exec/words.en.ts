/** `lanes exec`: a program of one's own. */
export const exec = {
  "exec.description":
    "Runs a TypeScript or JavaScript program. In it, import { Process, Lock } from \"lanes\" gives processes as in Python's multiprocessing: any function or class at the top level of a file can run in a process of its own. Its exit code is the program's own.",
  "exec.argument.file": "the program; 'lanes FILE.ts' is the same",
  "exec.argument.args": "its arguments, process.argv.slice(2) in it",
  "exec.example.run": "run it",
  "exec.example.live": "its processes as lanes, live",
  "exec.example.html": "the same as a page to keep and to share",
  "exec.example.jsonl": "record it, and step through the recording",
  "exec.example.shebang": "the first line of a program that can be started by its name",
  "exec.option.live": "draw its processes as lanes on stderr while it runs",
  "exec.option.check": "check its types first; with errors, do not run it",
  "exec.option.json": "a JSON summary of its processes on stderr at the end",
  "exec.option.jsonl": "events on stderr as they happen, one JSON object a line",
  "exec.folder": "{file} is a folder. Name the program in it: lanes exec FILE",
  "exec.load": "{file} cannot be loaded:\n{detail}",
  "exec.unsettled": "{file} waits at its top level (await) for what will never come. Ended.",
} as const;
