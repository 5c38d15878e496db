/** `lanes check`: types. */
export const check = {
  "check.description":
    "Checks the types of programs and of what they import, without running them, by the checker inside this executable: arguments that do not fit a process's function, values that cannot be sent, and everything else TypeScript finds. Exit code 0, or 1 with errors.",
  "check.argument.file": "a program (default: all in this folder)",
  "check.example.file": "one program, and what it imports",
  "check.example.folder": "all in this folder",
  "check.example.exec": "check, then run",
  "check.folder": "{file} is a folder. Go into it and leave it out: lanes check",
} as const;
