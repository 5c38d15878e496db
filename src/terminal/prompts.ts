/**
 * Questions to a person at a terminal: the only file that knows @clack/prompts and its core, which it loads when the first
 * question is asked. The menu itself is drawn by picker.ts, over the core: the library has no list under headings.
 *
 * What the library leaves open is closed here: Esc (back) and Ctrl-C (stop) give the same answer there, so the keys
 * are watched before it gets them; Ctrl-D leaves its prompt dead with the cursor hidden, so the prompt is aborted; after Ctrl-Z, or
 * whatever else let others use the terminal, it would go on in the middle of what they wrote, so the question is asked afresh;
 * it breaks a question's lines once, so it gets them anew each time it looks. Without a terminal it would hang: whoever makes
 * a Terminal has made sure that there is one.
 */
import type { Readable, Writable } from "node:stream";
import { CLEAR_SCREEN, HIDE_CURSOR, upToStart } from "./ansi.ts";
import { Key } from "./keyboard.ts";
import { wrap } from "./layout.ts";
import { matches, named, type PickerItem, type PickerView, pickerLines } from "./picker.ts";
import { glyphsOf, MIN_COLUMNS, paintOf } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/** Thrown when there is nothing more to be typed: Ctrl-D, or the terminal is gone. Leave. */
export class InputEnded extends Error {
  override readonly name = "InputEnded";
}

export interface PromptsOptions {
  /** Aborted when the person leaves; every question then throws its reason. */
  readonly signal: AbortSignal;
  /** Ctrl-C was typed: abort the signal. */
  readonly onInterrupt: () => void;
  /** Says that a line is filled in already, and that Enter takes it. */
  readonly filled: () => string;
}

/** The library writes a bar and two spaces before each line of a question. */
const MARGIN = 3;

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** The keys that empty the line: to its end, then everything before. */
const CLEAR_INPUT = "\x05\x15";

/** What each question hands the library. */
interface Streams {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

export type PickOptions = Pick<PickerView, "heading" | "message" | "words"> & {
  readonly items: readonly PickerItem[];
  /** The entry to begin at. */
  readonly initial?: string | undefined;
};

/** Every question resolves to its answer, or undefined for Esc. @throws the signal's reason; InputEnded. */
export class Prompts {
  /** For which width {@link showPick} has drawn. */
  #shownColumns: number | undefined;

  constructor(
    readonly terminal: Terminal,
    readonly options: PromptsOptions,
  ) {}

  /** One of several. */
  async select<T extends string>(message: string, choices: readonly Choice<T>[], initial?: T): Promise<T | undefined> {
    const { select } = await import("@clack/prompts");
    const options = choices.map(({ value, label, hint }) => ({
      value: value as string,
      label,
      ...(hint ? { hint } : {}),
    }));
    const more = { showInstructions: false, ...(initial ? { initialValue: initial } : {}) };
    return this.#ask((streams) => select(this.#asked(message, { options, ...more, ...streams }))) as Promise<
      T | undefined
    >;
  }

  /**
   * A line of text; `check` says what is wrong with one, and the question stays. What stands in the line to begin with looks like
   * an example; so it is said that it is none, and whoever types over it as over an example replaces it.
   */
  async text(
    message: string,
    initial: string,
    check: (text: string) => string | undefined,
  ): Promise<string | undefined> {
    const { text } = await import("@clack/prompts");
    const { style } = this.terminal;
    const paint = paintOf(style);
    const edge = paint.cyan(glyphsOf(style).trunk);
    let untouched = false;
    const open = (streams: Streams) => {
      untouched = initial !== "";
      const options = { initialValue: initial, validate: (value?: string) => check(value ?? ""), ...streams };
      return text(
        this.#asked(message, options, () => {
          const filled = untouched ? this.#lines(this.options.filled()).map(paint.dim) : [];
          const [first = "", ...more] = [...this.#lines(message), ...filled];
          return [first, ...more.map((line) => `${edge}  ${line}`)];
        }),
      );
    };
    return this.#ask<string>(open, (key) => {
      const replaces = untouched && isText(key);
      untouched = false;
      return replaces ? CLEAR_INPUT + key : key;
    });
  }

  /** With a question in lines that the library need not break: it would indent what follows anew. */
  #asked<O extends object>(message: string, options: O, lines = () => this.#lines(message)): O & { message: string } {
    const property = { enumerable: true, get: () => lines().join("\n") };
    return Object.defineProperty(options, "message", property) as O & { message: string };
  }

  #lines(message: string): readonly string[] {
    return wrap(message, Math.max(MIN_COLUMNS, this.terminal.columns - MARGIN));
  }

  /** Draws the first frame of {@link pick} before anything is loaded that reads a key; pick draws over it. */
  showPick(options: PickOptions): void {
    const { terminal } = this;
    terminal.take();
    const lines = pickerLines(firstView(options), terminal.style, terminal.rows - 1);
    terminal.write(HIDE_CURSOR + lines.join("\r\n") + upToStart(lines.length - 1));
    this.#shownColumns = terminal.columns;
  }

  /** One of many under headings, found by typing. Esc first takes back what was typed. */
  async pick(options: PickOptions): Promise<string | undefined> {
    const { AutocompletePrompt } = await import("@clack/core");
    const { terminal } = this;
    if (![undefined, terminal.columns].includes(this.#shownColumns)) terminal.write(CLEAR_SCREEN);
    this.#shownColumns = undefined;
    let typed = "";
    const open = (streams: Streams) => {
      const prompt = new AutocompletePrompt<PickerItem>({
        // Asked for whenever something is typed, before the cursor is set: to what has the focus.
        options() {
          const whole = named(this.userInput, options.items);
          if (whole !== undefined) this.focusedValue = whole.value;
          return [...options.items];
        },
        filter: matches,
        validate: (value) => (value === undefined ? " " : undefined),
        ...(options.initial === undefined ? {} : { initialValue: [options.initial] }),
        ...streams,
        render() {
          typed = this.userInput;
          const view = { ...options, items: this.filteredOptions, cursor: this.cursor, typed, state: stateOf(this) };
          return pickerLines(view, terminal.style, terminal.rows - 1).join("\n");
        },
      });
      return prompt.prompt() as Promise<string | symbol>;
    };
    return this.#ask(open, (key) => (key === Key.escape && typed !== "" ? CLEAR_INPUT : key));
  }

  async #ask<T>(
    open: (streams: Streams) => Promise<T | symbol>,
    meaning: (key: string) => string = (key) => key,
  ): Promise<T | undefined> {
    const { terminal } = this;
    const { signal, onInterrupt } = this.options;
    const { PromptInput, PromptOutput } = await import("./prompt-streams.ts");
    for (;;) {
      signal.throwIfAborted();
      terminal.take();
      const closing = new AbortController();
      const input = new PromptInput();
      const output = new PromptOutput(terminal);
      let last = "";
      let returned = false;
      const stopWatching = terminal.onReturn(() => {
        returned = true;
        closing.abort();
      });
      const stopReading = terminal.keyboard.read((key) => {
        last = meaning(key);
        if (last === Key.end || last === Key.suspend) closing.abort();
        else input.push(last);
      });
      const both = AbortSignal.any([signal, closing.signal]);
      const answer = await open({ input, output, signal: both }).finally(() => {
        stopReading();
        stopWatching();
        input.destroy();
        output.destroy();
      });
      if (typeof answer === "symbol" && last === Key.interrupt) onInterrupt();
      signal.throwIfAborted();
      if (typeof answer !== "symbol") return answer;
      if (returned) continue;
      if (last === Key.end) throw new InputEnded();
      if (last !== Key.suspend) return undefined;
      await terminal.suspend(signal);
    }
  }
}

/** Whether a key is one that writes something, and does not move, delete or end. */
const isText = (key: string) => /^[^\x00-\x1f\x7f-\x9f]/.test(key);

/** How a question stands, in the views' words. */
function stateOf({ state }: { readonly state: string }): PickerView["state"] {
  return state === "submit" ? "taken" : state === "cancel" ? "left" : "open";
}

function firstView({ heading, message, items, initial, words }: PickOptions): PickerView {
  const cursor = Math.max(
    0,
    items.findIndex(({ value }) => value === initial),
  );
  return { heading, message, items, cursor, typed: "", state: "open", words };
}
