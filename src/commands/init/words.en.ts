/** `lanes init`: a folder to write a program in. */
export const init = {
  "init.description":
    "Makes a folder in which you can write a program with processes: hello.ts, a tsconfig.json, and in types/ the types that an editor and 'lanes check' need; nothing has to be installed. What is there already is left as it is.",
  "init.argument.dir": "the folder; made if it is not there (default: this one)",
  "init.example.new": "a folder, and its program runs",
  "init.example.tutorial": "the four programs of the tutorial, in this folder",
  "init.option.tutorial": "the tutorial's programs: a function, a class, a race, a lock",
  "init.kept": "{file} is there already, and was left as it is",
  "init.wrote": "wrote {file}",
  "init.package":
    "there is a {file}, so no types were written (npm would delete what it did not install). Get them with: npm i -D lanes",
  "init.try": "try: {command}",
  "init.cannot": "cannot write to {dir} ({reason})",
} as const;
