/** What xargs and GNU parallel call the options of `lanes run`, for those whose fingers know them. */

const ours: Readonly<Record<string, string>> = {
  "-P": "-j",
  "--max-procs": "--jobs",
  "-N": "-n",
  "-L": "-n",
  "-X": "-n",
  "-m": "-n",
  "--max-replace-args": "--max-args",
  "--max-lines": "--max-args",
  "--xargs": "--max-args",
  "-a": ":::: FILE",
  "--arg-file": ":::: FILE",
  "-I": "{}",
  "-i": "{}",
  "--replace": "{}",
  "--lb": "--line-buffer",
  "--linebuffer": "--line-buffer",
  "-u": "--line-buffer",
  "--ungroup": "--line-buffer",
  "--link": ":::+",
  "--xapply": ":::+",
  "--halt-on-error": "--halt",
  "--bar": "--progress",
  "--eta": "--progress",
  "-o": "--tty",
  "--open-tty": "--tty",
};

/** What an option of theirs (`-P2`, `--max-procs=2`) is here; undefined if it is not known, or nothing. */
export function peerOption(command: string, option: string): string | undefined {
  if (command !== "run") return undefined;
  const name = option.startsWith("--") ? option.replace(/=.*$/s, "") : option.slice(0, 2);
  return ours[name];
}
