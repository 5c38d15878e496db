/** `lanes completions`. */
export const completions = {
  "command.completions": "what bash, zsh or fish needs to complete lanes' command lines",
  "completions.description":
    "Prints what a shell needs to complete commands, demos, options and files after lanes. It is made from the definitions of this very version: after an update, where it was written to a file, write it again.",
  "completions.example.bash": "in every new bash",
  "completions.example.zsh": "for zsh; the folder must be in $fpath before compinit",
  "completions.example.fish": "for fish",
  "completions.unknownShell": "unknown shell {name}, expected {names}",
} as const;
