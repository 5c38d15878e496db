/**
 * The command that is being read, as far as it says what its arguments mean: some builtins take code, and some evaluate names
 * and numbers they are given, where `a[$(…)]` runs what is in it.
 */

/** They run what they are given, now or later. */
const RUNNING = new Set("eval trap alias compgen complete".split(" "));
/** Assigned to, these are run, or are numbers to bash. */
const RUN_VARIABLES = /^(PS[0-4]|PROMPT_COMMAND|BASH_ENV|ENV)\+?=/;
const NUMBER_VARIABLES = /^(RANDOM|OPTIND|HISTCMD)\+?=/;
const DECLARING = new Set("declare typeset local export readonly integer float".split(" "));
/** Every argument is a name, or arithmetic. */
const EVALUATING = new Set("let unset getopts".split(" "));
/** What follows this option is a name. */
const NAMING: Readonly<Record<string, RegExp>> = {
  test: /^-[vR]$/,
  "[": /^-[vR]$/,
  printf: /^-v$/,
  print: /^-v$/,
  set: /^[-+]A$/,
  wait: /^-p$/,
};
/** Before the command itself. */
const PREFIXES = new Set(["builtin", "command", "exec", "noglob", "nocorrect", "-"]);
const ASSIGNMENT = /^[A-Za-z_]\w*(\[.*\])?\+?=/;
const SUBSCRIPT = /^[A-Za-z_]\w*\[[^\]]*$/;

export class ShellCommand {
  /** Empty while there is none yet. */
  #name = "";
  #previous = "";
  /** Letters of the options so far. */
  #options = "";

  /** @param zsh whether zsh reads it: there `export` evaluates, too. */
  constructor(private readonly zsh: boolean) {}

  /** Another command may begin. */
  begin(): void {
    this.#name = "";
    this.#previous = "";
    this.#options = "";
  }

  /** A word of it; what is quoted or expanded in it stands as a NUL. */
  add(word: string): void {
    if (this.#name === "") {
      if (!ASSIGNMENT.test(word) && !PREFIXES.has(word)) this.#name = word;
      return;
    }
    this.#previous = word;
    if (/^[-+]/.test(word)) this.#options += word;
  }

  /**
   * Why no value may stand here.
   * @param word the word so far, up to the quotes if it stands in such.
   * @param quoted what is before it in the quotes.
   * @param array it is in the parentheses of `a=(…)`.
   */
  unfit(word: string, quoted: string, array: boolean): "arithmetic" | "code" | null {
    const begun = word + quoted;
    if (RUNNING.has(this.#name) || RUN_VARIABLES.test(begun)) return "code";
    return this.#evaluates(word, begun, array) ? "arithmetic" : null;
  }

  #evaluates(word: string, begun: string, array: boolean): boolean {
    const name = this.#name;
    if (NUMBER_VARIABLES.test(begun)) return true;
    if (DECLARING.has(name)) {
      if (name === "integer" || name === "float" || /[inEF]/.test(this.#options)) return true;
      if (array) return /^\[[^\]]*$/.test(word);
      if (begun.includes("=")) return SUBSCRIPT.test(begun);
      // bash wants a name after these.
      return this.zsh || (name !== "export" && name !== "readonly") || SUBSCRIPT.test(begun);
    }
    if (array) return /^\[[^\]]*$/.test(word);
    if (name === "") return SUBSCRIPT.test(word);
    if (EVALUATING.has(name)) return true;
    // What follows these options of read is no name.
    if (name === "read") return !/^-\w*[pdiu]$/.test(this.#previous);
    return (
      NAMING[name]?.test(this.#previous) === true || (name === "printf" && this.#previous === "" && /^-v./.test(begun))
    );
  }
}
