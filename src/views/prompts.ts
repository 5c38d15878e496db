/**
 * Questions to a person at a terminal: the only file that knows @clack/prompts, which it loads when the first question
 * is asked.
 *
 * What the library leaves open is closed here: Esc (back) and Ctrl-C (stop) give the same answer there, so the keys
 * are watched before it gets them; Ctrl-D leaves its prompt dead with the cursor hidden, so the prompt is aborted; after Ctrl-Z it
 * would go on below what the shell wrote, so the question is asked afresh. Without a terminal it would hang: whoever
 * makes a Terminal has made sure that there is one.
 */
import type { Readable, Writable } from "node:stream";
import { HIDE_CURSOR, upToStart } from "./ansi.ts";
import { Key } from "./keyboard.ts";
import { matches, type PickerItem, type PickerView, pickerLines } from "./picker.ts";
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
}

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** What each question hands the library. */
interface Streams {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

export type PickOptions = Pick<PickerView, "heading" | "message"> & {
  readonly items: readonly PickerItem[];
  /** The entry to begin at. */
  readonly initial?: string | undefined;
};

/** Every question resolves to its answer, or undefined for Esc. @throws the signal's reason; InputEnded. */
export class Prompts {
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
    return this.#ask((streams) =>
      select({ message, options, showInstructions: false, ...(initial ? { initialValue: initial } : {}), ...streams }),
    ) as Promise<T | undefined>;
  }

  /** A line of text; `check` says what is wrong with one, and the question stays. */
  async text(
    message: string,
    initial: string,
    check: (text: string) => string | undefined,
  ): Promise<string | undefined> {
    const { text } = await import("@clack/prompts");
    return this.#ask<string>((streams) =>
      text({ message, initialValue: initial, validate: (value) => check(value ?? ""), ...streams }),
    );
  }

  /** Draws the first frame of {@link pick} before anything is loaded that reads a key; pick draws over it. */
  showPick(options: PickOptions): void {
    const { terminal } = this;
    terminal.take();
    const lines = pickerLines(firstView(options), terminal.style, terminal.rows - 1);
    terminal.write(HIDE_CURSOR + lines.join("\r\n") + upToStart(lines.length - 1));
  }

  /** One of many under headings, found by typing. */
  async pick(options: PickOptions): Promise<string | undefined> {
    const { AutocompletePrompt } = await import("@clack/core");
    const { terminal } = this;
    return this.#ask((streams) => {
      const prompt = new AutocompletePrompt<PickerItem>({
        options: [...options.items],
        filter: matches,
        validate: (value) => (value === undefined ? " " : undefined),
        ...(options.initial === undefined ? {} : { initialValue: [options.initial] }),
        ...streams,
        render() {
          const state = this.state === "submit" ? "taken" : this.state === "cancel" ? "left" : "open";
          const view = {
            ...options,
            items: this.filteredOptions,
            cursor: this.cursor,
            typed: this.userInput,
            state,
          } as const;
          return pickerLines(view, terminal.style, terminal.rows - 1).join("\n");
        },
      });
      return prompt.prompt() as Promise<string | symbol>;
    });
  }

  async #ask<T>(open: (streams: Streams) => Promise<T | symbol>): Promise<T | undefined> {
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
      const stopReading = terminal.keyboard.read((key) => {
        last = key;
        if (key === Key.end || key === Key.suspend) closing.abort();
        else input.push(key);
      });
      const both = AbortSignal.any([signal, closing.signal]);
      const answer = await open({ input, output, signal: both }).finally(() => {
        stopReading();
        input.destroy();
        output.destroy();
      });
      if (typeof answer === "symbol" && last === Key.interrupt) onInterrupt();
      signal.throwIfAborted();
      if (typeof answer !== "symbol") return answer;
      if (last === Key.end) throw new InputEnded();
      if (last !== Key.suspend) return undefined;
      await terminal.suspend();
    }
  }
}

function firstView({ heading, message, items, initial }: PickOptions): PickerView {
  const cursor = Math.max(
    0,
    items.findIndex(({ value }) => value === initial),
  );
  return { heading, message, items, cursor, typed: "", state: "open" };
}
