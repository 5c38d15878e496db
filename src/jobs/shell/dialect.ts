/**
 * The shells whose quoting lanes knows, and where they read a text differently. Everything else that calls itself a shell
 * (fish, csh, an interpreter) may run lines that people wrote, but no value is put into a text for it.
 */
import { isMac } from "../../os/platform.ts";

/** What a shell makes of a construct: it has it, it has not, or that depends on who is called so. */
type Has = "yes" | "no" | "perhaps";

export interface Dialect {
  /** `$'…'`, with backslashes in it. */
  readonly ansiQuotes: Has;
  /** `((…))`, `[[…]]`, `$[…]`, `<(…)`, subscripts: places that evaluate what they are given. */
  readonly evaluates: Has;
  /** Subscripts and modifiers after a plain `$name`: `$name[1]`, `$name:h`. */
  readonly zsh: boolean;
  /**
   * It finds the end of `$(…)` by counting quotes and parentheses, in comments, here-documents and `case` patterns too: bash
   * before 4.0, which macOS has as bash and as sh.
   */
  readonly countsParentheses: boolean;
}

const families: Readonly<Record<string, Omit<Dialect, "countsParentheses">>> = {
  // sh may be any of them.
  sh: { ansiQuotes: "perhaps", evaluates: "perhaps", zsh: false },
  dash: { ansiQuotes: "no", evaluates: "no", zsh: false },
  ash: { ansiQuotes: "perhaps", evaluates: "perhaps", zsh: false },
  bash: { ansiQuotes: "yes", evaluates: "yes", zsh: false },
  zsh: { ansiQuotes: "yes", evaluates: "yes", zsh: true },
  ksh: { ansiQuotes: "yes", evaluates: "yes", zsh: false },
};
const aliases: Readonly<Record<string, string>> = {
  ksh93: "ksh",
  mksh: "ksh",
  lksh: "ksh",
  oksh: "ksh",
  rbash: "bash",
};

/** How this shell reads a text; undefined if lanes does not know. @param shell its name or path. */
export function dialectOf(shell: string): Dialect | undefined {
  const name = shell.slice(shell.lastIndexOf("/") + 1).replace(/-?\d+(\.\d+)*$/, (end) => (end === "93" ? end : ""));
  const family = families[aliases[name] ?? name];
  if (family === undefined) return undefined;
  return { ...family, countsParentheses: isMac && /^(ba)?sh$/.test(name) };
}
