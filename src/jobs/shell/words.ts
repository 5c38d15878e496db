/**
 * Follows the words of one list of commands: which may be reserved words, and which parentheses are open. It has to know
 * `case … in pattern)` to tell the `)` that ends a substitution from one that ends a pattern.
 */
import { ShellCommand } from "./command.ts";

/** Something that is open. `words`, `array`: parentheses with words in them, no commands: `@(…)`, `a=(…)`. */
type OpenConstruct =
  | { readonly kind: "commands" | "words" }
  | { readonly kind: "array"; readonly before: string }
  | { readonly kind: "case"; at: "subject" | "in" | "pattern" | "or" | "body" };

/** After these words another command or reserved word may begin. */
const OPENERS = new Set("if then else elif while until do ! { time coproc always nocorrect noglob".split(" "));
const CLOSERS = new Set(["fi", "done", "}"]);
export class ShellWords {
  readonly #open: OpenConstruct[] = [];
  /** The word that is being read, as far as it is neither quoted nor expanded; what is, stands as a NUL. */
  word = "";
  /** A word has begun. */
  begun = false;
  /** A reserved word would be known here. */
  reserved = true;
  /** What is before is a complete command, or nothing. */
  complete = true;
  /** Within `[[ … ]]`. */
  conditional = false;
  /** What is compared in the last `[[ … ]]` is evaluated as arithmetic. */
  comparesNumbers = false;
  readonly #command: ShellCommand;
  #loop: "name" | "in" | null = null;
  #functionName = false;
  #target = false;
  #duplicates = false;

  /** @param zsh whether zsh reads them. */
  constructor(zsh: boolean) {
    this.#command = new ShellCommand(zsh);
  }

  /** Whether every parenthesis, and every `case`, is closed. */
  get closed(): boolean {
    return this.#open.length === 0;
  }

  /** Whether a `)` here would end a pattern of `case`. */
  get inPattern(): boolean {
    const top = this.#open.at(-1);
    return top?.kind === "case" && top.at !== "body";
  }

  /** Whether the parentheses of `a=(…)` are open. */
  get inArray(): boolean {
    return this.#open.at(-1)?.kind === "array";
  }

  /**
   * Why no value may stand here: bash expands the file of `>&` twice, and what a builtin evaluates may be code.
   * @param quoted what is before it in the quotes it stands in.
   */
  unfit(quoted = ""): "arithmetic" | "code" | "duplicate" | null {
    if (this.#target) return this.#duplicates ? "duplicate" : null;
    if (this.#loop !== null || this.#functionName || this.conditional) return null;
    const { kind } = this.#open.at(-1) ?? { kind: "commands" };
    return kind === "case" && this.inPattern ? null : this.#command.unfit(this.word, quoted, kind === "array");
  }

  /** The end of a word, if one has begun. @returns false if it makes no sense: this is no shell that is known here. */
  end(): boolean {
    if (!this.begun) return true;
    const { word } = this;
    this.begun = false;
    this.word = "";
    const top = this.#open.at(-1);
    if (top?.kind === "case" && top.at !== "body") return this.#inCase(top, word);
    if (top?.kind === "words" || top?.kind === "array") return true;
    if (this.conditional) {
      if (word === "]]") this.conditional = false;
      else if (/^-(eq|ne|lt|le|gt|ge|v|R)$/.test(word)) this.comparesNumbers = true;
      return true;
    }
    if (this.#target) this.#target = false;
    else if (this.#functionName) {
      this.#functionName = false;
      this.#expectCommand(false);
    } else if (this.#loop !== null) this.#inLoop(word);
    else if (this.reserved) this.#first(word, top);
    else this.#command.add(word);
    return true;
  }

  /** `;`, `&`, `|`, a newline: another command may begin. */
  separate(): void {
    this.#loop = null;
    this.#target = false;
    if (!this.conditional) this.#expectCommand(true);
  }

  /** `;;` and its like. */
  endClause(): void {
    const top = this.#open.at(-1);
    if (top?.kind === "case") top.at = "pattern";
    this.separate();
  }

  /** `<` or `>`: the next word is a file, or with `&` a descriptor. */
  redirect(duplicates: boolean): void {
    this.#duplicates = duplicates;
    if (!this.conditional) this.#target = true;
  }

  /** `(`. */
  open(): void {
    const top = this.#open.at(-1);
    if (top?.kind === "case" && (top.at === "pattern" || top.at === "or") && !this.begun) {
      top.at = "or";
      return;
    }
    const words = this.begun || this.conditional || top?.kind === "words";
    if (words && this.word !== "=") {
      if (!this.word.endsWith("=")) this.#open.push({ kind: "words" });
      else {
        this.#open.push({ kind: "array", before: this.word });
        this.begun = false;
        this.word = "";
      }
    } else {
      this.#open.push({ kind: "commands" });
      this.begun = false;
      this.word = "";
      this.#expectCommand(true);
    }
  }

  /** `f()`: a function is defined. */
  define(): void {
    this.begun = false;
    this.word = "";
    this.#functionName = false;
    this.#expectCommand(false);
  }

  /** `)`. @returns whether it closes something of these commands; `undefined` if it makes no sense. */
  close(): boolean | undefined {
    const top = this.#open.at(-1);
    if (top === undefined) return false;
    if (top.kind === "case") {
      if (top.at !== "or") return undefined;
      top.at = "body";
      this.#expectCommand(true);
      return true;
    }
    this.#open.pop();
    if (top.kind === "words" || top.kind === "array") {
      this.begun = true;
      this.word = `${top.kind === "array" ? top.before : this.word}\0`;
    } else this.#expectCommand(true);
    return true;
  }

  #expectCommand(complete: boolean): void {
    this.reserved = true;
    this.complete = complete;
    this.#command.begin();
  }

  #inCase(top: Extract<OpenConstruct, { kind: "case" }>, word: string): boolean {
    if (top.at === "subject") top.at = "in";
    else if (top.at === "in") {
      if (word !== "in") return false;
      top.at = "pattern";
    } else if (top.at === "pattern" && word === "esac") {
      this.#open.pop();
      this.#expectCommand(true);
    } else top.at = "or";
    return true;
  }

  #inLoop(word: string): void {
    if (this.#loop === "name") this.#loop = "in";
    else {
      this.#loop = null;
      if (word === "do" || word === "{") this.#expectCommand(false);
    }
  }

  #first(word: string, top: OpenConstruct | undefined): void {
    if (OPENERS.has(word)) {
      this.#expectCommand(false);
      return;
    }
    if (CLOSERS.has(word) || word === "esac") {
      if (word === "esac" && top?.kind === "case") this.#open.pop();
      this.#expectCommand(true);
      return;
    }
    this.reserved = false;
    if (word === "case") this.#open.push({ kind: "case", at: "subject" });
    else if (word === "for" || word === "select" || word === "foreach") this.#loop = "name";
    else if (word === "function") this.#functionName = true;
    else if (word === "[[") {
      this.conditional = true;
      this.comparesNumbers = false;
    } else this.#command.add(word);
  }
}
