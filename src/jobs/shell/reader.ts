/**
 * Reads a text as a shell would, and says where each placeholder in it stands. It reads what POSIX sh, dash, bash, zsh and ksh
 * have in common: quotes, backslashes, comments, here-documents, `$(…)`, backticks, `${…}`, arithmetic, `case`.
 *
 * Always true: where two shells that are meant read a text differently, or what is read is not known here, no placeholder from
 * there on has a place ({@link Unclear}). A wrong guess would make code of a value; a refusal costs a line to write anew.
 *
 * Longer than most files, for a shell's grammar is one circle: words hold substitutions, these hold commands, and commands words.
 */
import type { Dialect } from "./dialect.ts";
import { type Heredoc, readBody, readDelimiter } from "./heredoc.ts";
import type { BodyPlace, Placeable, TextCell, Unfit, WordPlace } from "./place.ts";
import { ShellWords } from "./words.ts";

/** How the shell reads on from here is not known. */
export class Unclear extends Error {}

/** The text ends within something. */
export class Unfinished extends Error {
  constructor(readonly what: "quotes" | "substitution") {
    super(what);
  }
}

/** What a piece of text is within. */
interface Surroundings {
  readonly backticks: number;
  /** The here-documents whose bodies it is in. */
  readonly bodies: readonly Heredoc[];
  /** A here-document's body is to begin after the line. */
  readonly awaited: boolean;
}

/** Why no value may stand after this much of a text in quotes; null: it may. */
type UnfitAfter = (text: string) => Unfit | null;

const BLANK = /^[ \t]$/;
const NAME = /^\w$/;
/** A delimiter no quoting of a value can come to look like. */
const SIMPLE_DELIMITER = /^[\w.,:+@%/-]+$/;

export class ShellReader {
  #at = 0;
  /** Here-documents whose bodies begin at the next newline: a list for each substitution that is open. */
  readonly #pending: Heredoc[][] = [];
  /** The text just before would take in letters that follow. */
  #glued = false;
  /** How many slots had a place when `[[` began. */
  #conditional = 0;

  constructor(
    private readonly cells: readonly TextCell[],
    private readonly dialect: Dialect,
    /** Slots that have a place, in their order: shared by all that read the same text. */
    private readonly placed: Placeable[],
    private readonly around: Surroundings = { backticks: 0, bodies: [], awaited: false },
  ) {}

  /** Reads all of it as commands. @throws Unclear, Unfinished */
  commands(): void {
    this.#commands(false);
  }

  /** Commands, up to the `)` of a substitution or to the end. */
  #commands(substitution: boolean): void {
    const words = new ShellWords(this.dialect.zsh);
    const pending: Heredoc[] = [];
    this.#pending.push(pending);
    for (;;) {
      const cell = this.#next();
      if (cell === undefined) {
        this.#end(words);
        if (substitution || !words.closed) throw new Unfinished("substitution");
        break;
      }
      if (typeof cell !== "string") {
        this.#word(cell, words);
        continue;
      }
      const glued = this.#glued;
      this.#glued = false;
      if (BLANK.test(cell)) this.#end(words);
      else if (cell === "\n") {
        this.#end(words);
        words.separate();
        if (this.#pending.slice(0, -1).some((list) => list.length > 0)) throw new Unclear();
        for (const heredoc of pending.splice(0)) this.#body(heredoc, substitution);
      } else if (cell === "#" && !words.begun) this.#comment(words, substitution);
      else if (cell === ")") {
        this.#end(words);
        const inCase = words.inPattern;
        const closes = words.close();
        if (closes === undefined || (inCase && substitution && this.dialect.countsParentheses)) throw new Unclear();
        if (!closes && substitution) {
          if (pending.length > 0) throw new Unclear();
          break;
        }
        if (!closes) words.separate(); // a syntax error: nothing that follows is run
      } else if (cell === "(") this.#parenthesis(words);
      else if (cell === ";" || cell === "&" || cell === "|") this.#operator(cell, words);
      else if (cell === "<" || cell === ">") this.#redirection(cell, words, pending);
      else this.#character(cell, words, glued);
    }
    this.#pending.pop();
  }

  #end(words: ShellWords): void {
    const before = words.conditional;
    if (!words.end()) throw new Unclear();
    if (!before && words.conditional) this.#conditional = this.placed.length;
    if (before && !words.conditional && words.comparesNumbers && this.dialect.evaluates !== "no") {
      for (const slot of this.placed.slice(this.#conditional))
        slot.place = { kind: "unfit", why: "arithmetic", number: true };
    }
  }

  /** A character of a word. */
  #character(cell: string, words: ShellWords, glued: boolean): void {
    if (cell === "\\") {
      if (this.#peek() === "\n") {
        this.#next();
        this.#glued = glued;
        return;
      }
      this.#escaped();
      cell = "\0";
    } else if (cell === "'") cell = this.#single("single", (text) => words.unfit(text));
    else if (cell === '"') cell = this.#double((text) => words.unfit(text));
    else if (cell === "`") cell = this.#backticks(false);
    else if (cell === "$") cell = this.#dollar(false, (text) => words.unfit(text));
    else if (cell === "=" && !words.begun) this.#glued = true;
    else if (cell === "~" && /(^|[=:])$/.test(words.word)) {
      const next = this.#peek();
      if (typeof next === "object") {
        this.#next();
        this.#unfit(next, "tilde");
      }
    }
    words.word += cell;
    words.begun = true;
  }

  /** A placeholder in a command. */
  #word(slot: Placeable, words: ShellWords): void {
    const unfit = this.#applies(words.unfit());
    if (unfit !== null) this.#unfit(slot, unfit);
    else {
      const startsCommand = !words.begun && words.reserved && words.complete;
      this.#place(slot, { ...this.#wordPlace("plain"), startsCommand });
    }
    words.begun = true;
    words.word += "\0";
  }

  #parenthesis(words: ShellWords): void {
    this.#refuseInArray(words);
    const next = this.#peek();
    if (next === ")" && words.begun) {
      this.#next();
      words.define();
    } else if (next === "(" && !words.begun && this.dialect.evaluates !== "no") {
      this.#next();
      // To a shell without `((…))` these are commands in two pairs of parentheses.
      this.#arithmetic(this.dialect.evaluates === "perhaps");
      words.begun = true;
      words.word = "\0";
      this.#end(words);
      words.separate();
    } else {
      if (next === "#" && words.begun) throw new Unclear(); // a pattern of zsh, or a comment
      words.open();
    }
  }

  /** What is a syntax error in `a=(…)` to bash: it leaves the line there, in quotes or not, and runs the next one. */
  #refuseInArray(words: ShellWords): void {
    if (words.inArray && this.dialect.evaluates !== "no" && !this.dialect.zsh) throw new Unclear();
  }

  #operator(cell: string, words: ShellWords): void {
    this.#refuseInArray(words);
    this.#end(words);
    const next = this.#peek();
    if (cell === ";" && (next === ";" || next === "&" || next === "|")) {
      this.#next();
      if (next === ";" && this.#peek() === "&") this.#next();
      words.endClause();
    } else words.separate();
  }

  #redirection(cell: string, words: ShellWords, pending: Heredoc[]): void {
    const next = this.#peek();
    if (next === "(" && this.dialect.evaluates !== "no") {
      this.#next();
      this.#substitution();
      words.begun = true;
      words.word += "\0";
      return;
    }
    this.#refuseInArray(words);
    this.#end(words);
    if (cell === ">" || next !== "<") {
      const from = this.#at;
      while (this.#peek() === ">" || this.#peek() === "&" || this.#peek() === "|") this.#next();
      words.redirect(this.cells.slice(from, this.#at).includes("&"));
      return;
    }
    words.redirect(false);
    this.#next();
    if (this.#peek() === "<") {
      this.#next();
      return;
    }
    if (words.conditional) throw new Unclear();
    const { heredoc, end, slots } = readDelimiter(this.cells, this.#at);
    for (const slot of slots) this.#unfit(slot, "delimiter");
    if (heredoc === null || (this.dialect.countsParentheses && this.#pending.length > 1)) throw new Unclear();
    this.#at = end;
    pending.push(heredoc);
    words.begun = true;
    words.word = "\0";
    this.#end(words);
  }

  #comment(words: ShellWords, substitution: boolean): void {
    if (words.conditional) throw new Unclear(); // part of a pattern, to some
    const nested = substitution || this.around.backticks > 0 || this.around.bodies.length > 0;
    for (;;) {
      const cell = this.#peek();
      if (cell === undefined || cell === "\n") return;
      this.#next();
      if (typeof cell !== "string") this.#place(cell, { kind: "comment", nested });
      else if (nested && this.dialect.countsParentheses && /["'`()\\]/.test(cell)) throw new Unclear();
    }
  }

  /** After `<<` and the newline: the lines up to the delimiter. */
  #body(heredoc: Heredoc, substitution: boolean): void {
    const body = readBody(this.cells, this.#at, heredoc, substitution);
    if (body === null) throw new Unclear();
    this.#at = body.end;
    const { bodies, backticks } = this.around;
    const simple = bodies.length === 0 && SIMPLE_DELIMITER.test(heredoc.delimiter);
    for (const cell of body.cells) {
      if (typeof cell === "string" || (!heredoc.quoted && simple)) continue;
      this.#place(cell, { kind: "unfit", why: heredoc.quoted ? "quotedBody" : "unknown", number: simple });
    }
    if (heredoc.quoted || !simple) return;
    this.#whole(body.cells, { backticks, bodies: [heredoc], awaited: false }, (reader) => reader.#text(body.places));
  }

  /** The text of a here-document. */
  #text(places: ReadonlyMap<Placeable, BodyPlace>): void {
    this.#pending.push([]);
    for (let cell = this.#next(); cell !== undefined; cell = this.#next()) {
      const glued = this.#glued;
      this.#glued = false;
      if (typeof cell !== "string") {
        const place = places.get(cell);
        if (glued || place === undefined) this.#unfit(cell, "glued");
        else this.#place(cell, { ...place, backticks: this.around.backticks });
      } else if (cell === "\\") this.#escaped(glued);
      else if (cell === "`") this.#backticks(true);
      else if (cell === "$") this.#dollar(true, () => null);
    }
    this.#pending.pop();
  }

  /** After a backslash: the next one is text; a newline is nothing at all. */
  #escaped(glued = false): void {
    const cell = this.#next();
    if (cell === "\n" && this.#awaited) throw new Unclear();
    if (typeof cell === "object") this.#place(cell, { kind: "text" });
    this.#glued = glued && cell === "\n";
  }

  /** After `'`. @param unfit why no value may stand in it. */
  #single(kind: "single" | "ansi", unfit: UnfitAfter): string {
    const start = this.#at;
    for (;;) {
      const cell = this.#inner("quotes");
      if (typeof cell !== "string") this.#quotedSlot(cell, kind, unfit(this.#since(start)));
      else if (cell === "'") return "\0";
      else if (cell === "\\" && kind === "ansi") {
        if (this.#peek() === "'" && this.dialect.ansiQuotes !== "yes") throw new Unclear();
        this.#escaped();
      }
    }
  }

  /** After `"`. */
  #double(unfit: UnfitAfter, braces = false): string {
    const start = this.#at;
    this.#glued = false;
    for (;;) {
      const cell: TextCell = this.#inner("quotes");
      const glued: boolean = this.#glued;
      this.#glued = false;
      if (typeof cell !== "string") {
        this.#glued = glued;
        this.#quotedSlot(cell, "double", unfit(this.#since(start)));
      } else if (cell === '"') return "\0";
      else if (cell === "\\") this.#escaped(glued);
      else if (cell === "`") this.#backticks(true);
      else if (cell === "$") this.#dollar(true, unfit);
      else if (braces && (cell === "}" || cell === "'")) throw new Unclear();
    }
  }

  #quotedSlot(slot: Placeable, kind: WordPlace["kind"], unfit: Unfit | null): void {
    const why = this.#applies(unfit);
    if (why !== null) this.#unfit(slot, why);
    else if (kind === "ansi" && this.dialect.ansiQuotes !== "yes") this.#unfit(slot, "ansi");
    else this.#place(slot, this.#wordPlace(kind));
  }

  /** A reason that holds in every shell, or in those that evaluate. */
  #applies(unfit: Unfit | null): Unfit | null {
    return unfit === "parameter" || unfit === "code" || this.dialect.evaluates !== "no" ? unfit : null;
  }

  /** The text from a place to before what was read last. */
  #since(start: number): string {
    return this.cells
      .slice(start, this.#at - 1)
      .map((cell) => (typeof cell === "string" ? cell : "\0"))
      .join("");
  }

  /** After a backtick: what is within is read anew, without the backslashes that belong to this level. */
  #backticks(quoted: boolean): string {
    const inner: TextCell[] = [];
    for (let cell = this.#inner("substitution"); cell !== "`"; cell = this.#inner("substitution")) {
      const next = this.#peek();
      if (cell === "\\" && next === '"' && quoted) {
        if (this.around.bodies.length > 0) throw new Unclear();
        this.#next();
        inner.push(next);
      } else if (cell === "\\" && (next === "\\" || next === "`" || next === "$")) {
        this.#next();
        inner.push(next);
      } else inner.push(cell);
    }
    const { backticks, bodies } = this.around;
    this.#whole(inner, { backticks: backticks + 1, bodies, awaited: this.#awaited }, (reader) => reader.commands());
    return "\0";
  }

  /** Reads what has been cut out: it has to end where it was cut. */
  #whole(cells: readonly TextCell[], around: Surroundings, read: (reader: ShellReader) => void): void {
    const before = this.placed.length;
    try {
      read(new ShellReader(cells, this.dialect, this.placed, around));
    } catch (error) {
      // Whether it was cut where the shell does is no longer sure.
      for (const slot of this.placed.splice(before)) delete slot.place;
      throw error instanceof Unfinished ? new Unclear() : error;
    }
  }

  /** After `$`. @param unfit why no value may stand in quotes here. @returns what it is to the word it is in. */
  #dollar(quoted: boolean, unfit: UnfitAfter): string {
    const next = this.#peek();
    if (typeof next !== "string") {
      if (next !== undefined) {
        this.#next();
        this.#place(next, { kind: "unfit", why: "dollar", number: false });
      }
      return "\0";
    }
    if (next === "(") {
      this.#next();
      if (this.#peek() === "(") {
        this.#next();
        this.#arithmetic(false);
      } else this.#substitution();
    } else if (next === "{") {
      this.#next();
      this.#parameter(quoted);
    } else if (next === "[") {
      if (this.dialect.evaluates !== "no") throw new Unclear();
    } else if (next === "'" && !quoted && this.dialect.ansiQuotes !== "no") {
      this.#next();
      this.#single("ansi", unfit);
    } else if (next === "\\" && this.#peek(1) === "\n") throw new Unclear();
    else this.#variable(next);
    return "\0";
  }

  /** `$name`, `$1`, `$?`: what would go on if letters followed. */
  #variable(first: string): void {
    const { zsh } = this.dialect;
    if (!NAME.test(first) && !"?$!#@*-".includes(first) && !(zsh && "=~^+".includes(first))) return;
    this.#next();
    for (let cell = this.#peek(); typeof cell === "string" && NAME.test(cell); cell = this.#peek()) this.#next();
    if (zsh && this.#peek() === ":") this.#next();
    if (zsh && this.#peek() === "[") throw new Unclear();
    this.#glued = true;
  }

  /** After `$(`: its commands. */
  #substitution(): void {
    this.#commands(true);
    this.#glued = false;
  }

  /** After `${`. */
  #parameter(quoted: boolean): void {
    const first = this.#peek();
    // A command in braces (ksh, bash 5.3), and flags of zsh with quotes of their own.
    if (typeof first === "string" && /[\s|(]/.test(first)) throw new Unclear();
    const inBody = quoted && this.around.bodies.length > 0;
    for (;;) {
      const cell = this.#inner("substitution");
      if (typeof cell !== "string") this.#unfit(cell, "parameter");
      else if (cell === "}") break;
      else if (cell === "\\") this.#escaped();
      else if (cell === "`") this.#backticks(quoted);
      else if (cell === "$") this.#dollar(quoted, () => "parameter");
      else if (cell === "{" || ((cell === "'" || cell === '"') && inBody)) throw new Unclear();
      else if (cell === '"') this.#double(() => "parameter", quoted);
      else if (cell === "'") {
        if (quoted) throw new Unclear();
        this.#single("single", () => "parameter");
      }
    }
    this.#glued = false;
  }

  /** After `((`, up to `))`. @param strict where it may be commands after all: nothing that would be read differently then. */
  #arithmetic(strict: boolean): void {
    const before = this.placed.length;
    try {
      this.#expression(strict);
    } catch (error) {
      for (const slot of this.placed.splice(before)) delete slot.place;
      throw error instanceof Unfinished ? new Unclear() : error;
    }
    this.#glued = false;
  }

  #expression(strict: boolean): void {
    let previous: TextCell = "(";
    for (let depth = 0; ; ) {
      const cell = this.#inner("substitution");
      if (typeof cell !== "string") this.#unfit(cell, "arithmetic");
      else if (cell === "(") depth += 1;
      else if (cell === ")") {
        if (depth === 0 && this.#peek() === ")") break;
        if (depth === 0) throw new Unclear();
        depth -= 1;
      } else if (cell === "$") this.#dollar(true, () => "arithmetic");
      else if (cell === "`") this.#backticks(true);
      else if (cell === '"') this.#double(() => "arithmetic");
      else if (cell === "'" || cell === "\\") throw new Unclear();
      else if (cell === "#" && typeof previous === "string" && /[\s(;&|<>]/.test(previous)) throw new Unclear();
      else if (strict && (cell === ";" || cell === "\n" || (cell === "<" && previous === "<"))) throw new Unclear();
      previous = cell;
    }
    this.#next();
  }

  #unfit(slot: Placeable, why: Unfit): void {
    this.#place(slot, { kind: "unfit", why, number: ["arithmetic", "code", "parameter", "duplicate"].includes(why) });
  }

  #place(slot: Placeable, place: NonNullable<Placeable["place"]>): void {
    slot.place = place;
    this.placed.push(slot);
    this.#glued = false;
  }

  #wordPlace(kind: WordPlace["kind"]): WordPlace {
    let ahead = 0;
    for (let cell = this.#peek(); typeof cell === "object" || /^\d$/.test(cell ?? ""); cell = this.#peek(ahead))
      ahead += 1;
    const after = this.#peek(ahead) ?? "";
    return {
      kind,
      backticks: this.around.backticks,
      glued: this.#glued,
      redirects: after === "<" || after === ">",
      opens: this.#peek() === "(",
      newline: !this.#awaited ? "itself" : this.dialect.ansiQuotes === "yes" ? "ansi" : "printf",
      inBody: this.around.bodies.length > 0,
      startsCommand: false,
    };
  }

  /** Whether the body of a here-document begins at the next newline. */
  get #awaited(): boolean {
    return this.around.awaited || this.#pending.some((list) => list.length > 0);
  }

  #peek(ahead = 0): TextCell | undefined {
    return this.cells[this.#at + ahead];
  }

  #next(): TextCell | undefined {
    const cell = this.cells[this.#at];
    this.#at += 1;
    return cell;
  }

  /** The next one within something that has to end. A newline in it must not be one after which a here-document begins. */
  #inner(within: "quotes" | "substitution"): TextCell {
    const cell = this.#next();
    if (cell === undefined) throw new Unfinished(within);
    if (cell === "\n" && this.#awaited) throw new Unclear();
    return cell;
  }
}
