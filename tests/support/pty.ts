/**
 * lanes at a real pty, and a terminal emulator that says what a person would see. Tests wait for what is on the screen,
 * never for a time; after each one `close` checks that the terminal is as it was found and that nothing is left.
 */
import xterm from "@xterm/headless";
import { lanes, Playground } from "./lanes.ts";
import { until } from "./wait.ts";

export const Keys = {
  up: "\x1b[A",
  down: "\x1b[B",
  enter: "\r",
  escape: "\x1b",
  backspace: "\x7f",
  ctrlC: "\x03",
  ctrlD: "\x04",
  ctrlU: "\x15",
  ctrlZ: "\x1a",
  ctrlBackslash: "\x1c",
} as const;

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
  /** Instead of lanes. */
  readonly command?: readonly string[];
}

export class Pty {
  readonly place = new Playground();
  readonly child: Bun.Subprocess;
  /** Everything that was written, as it came. */
  raw = "";
  cursorVisible = true;
  readonly #emulator: xterm.Terminal;
  readonly #terminal: Bun.Terminal;
  #unread = 0;
  #gone = false;

  constructor(args: readonly string[] = [], options: PtyOptions = {}) {
    const { columns: cols = 80, rows = 24 } = options;
    this.#emulator = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 5000 });
    for (const final of ["h", "l"]) {
      this.#emulator.parser.registerCsiHandler({ prefix: "?", final }, (params) => {
        if (params.includes(25)) this.cursorVisible = final === "h";
        return false;
      });
    }
    const decoder = new TextDecoder();
    // Given inline and not as a Bun.Terminal, the pty becomes the child's controlling terminal: only then do resizes and
    // hang-ups reach it as signals.
    this.child = Bun.spawn([...(options.command ?? [lanes]), ...args], {
      terminal: {
        cols,
        rows,
        data: (_, data) => {
          const text = decoder.decode(data, { stream: true });
          this.raw += text;
          this.#unread++;
          this.#emulator.write(text, () => this.#unread--);
        },
      },
      env: { ...this.place.env, TERM: "xterm-256color", LANES: lanes, ...options.env },
      cwd: this.place.tmp,
    });
    this.#terminal = this.child.terminal!;
  }

  type(text: string): void {
    this.#terminal.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    this.#terminal.resize(columns, rows);
  }

  /** How it treats what is typed, as the kernel says now (termios(3)'s ISIG, ICANON, ECHO). */
  get mode(): { signals: boolean; lines: boolean; echo: boolean } {
    const { localFlags } = this.#terminal;
    return { signals: (localFlags & 1) !== 0, lines: (localFlags & 2) !== 0, echo: (localFlags & 8) !== 0 };
  }

  /** Closes the terminal's window. */
  hangUp(): void {
    this.#gone = true;
    this.#terminal.close();
  }

  /** The lines on the screen, without trailing spaces. */
  lines(): string[] {
    const { active } = this.#emulator.buffer;
    return Array.from(
      { length: this.#emulator.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
    );
  }

  /** What is on the screen now. */
  screen(): string {
    return this.lines().join("\n").trimEnd();
  }

  /** All that was ever shown and not drawn over, what has scrolled away included. */
  history(): string {
    const { active } = this.#emulator.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "").join(
      "\n",
    );
  }

  /** The column of the first cell of `text` in a line of the screen, counting as a terminal does; -1 if it is not there. */
  columnOf(line: string, text: string): number {
    const at = line.indexOf(text);
    return at < 0 ? -1 : Bun.stringWidth(line.slice(0, at));
  }

  /** Resolves when the screen shows it. */
  async shows(wanted: string | RegExp, limitMs?: number): Promise<void> {
    const there = () => (typeof wanted === "string" ? this.screen().includes(wanted) : wanted.test(this.screen()));
    try {
      await until(`${wanted} on the screen`, () => this.#unread === 0 && there(), limitMs);
    } catch (error) {
      throw new Error(`${error}\n--- screen ---\n${this.screen()}\n--------------`);
    }
  }

  /** Types, then waits for what the screen shows next. */
  async answer(text: string, next: string | RegExp): Promise<void> {
    this.type(text);
    await this.shows(next);
  }

  /** The exit code, once it has ended and everything it wrote is on the screen. */
  async exitCode(): Promise<number | null> {
    await until("lanes to end", () => this.child.exitCode !== null || this.child.signalCode !== null);
    await until("the screen to be drawn", () => this.#unread === 0);
    return this.child.exitCode;
  }

  /** @throws Error unless it has ended, the terminal is as it was found, and no process and no file is left. */
  async close(): Promise<void> {
    const running = this.child.exitCode === null && this.child.signalCode === null;
    if (running) this.child.kill("SIGKILL");
    const gone = this.#gone;
    // What it wrote last is read after it has ended: whoever waited for the end alone is here before that.
    const isLeft = () => this.#unread === 0 && this.cursorVisible;
    if (!gone && !running) await until("what was written last", isLeft, 5_000).catch(() => {});
    const wrong = [
      running && "lanes was still running",
      !gone && !this.cursorVisible && "the cursor is hidden",
      this.#emulator.buffer.active.type !== "normal" && "the alternate screen is on",
      !gone &&
        !running &&
        String(modesOf(this.#terminal)) !== String(freshModes()) &&
        `the terminal's mode is not as it was found: ${modesOf(this.#terminal)}, not ${freshModes()}`,
    ].filter((problem) => problem !== false);
    const screen = this.screen();
    this.#terminal.close();
    this.#emulator.dispose();
    await this.place.clean();
    if (wrong.length > 0) throw new Error(`${wrong.join("; ")}\n--- screen ---\n${screen}`);
  }
}

function modesOf({ inputFlags, outputFlags, localFlags }: Bun.Terminal): number[] {
  return [inputFlags, outputFlags, localFlags];
}

/** How a terminal treats what is typed while a command has it. */
export const cooked = { signals: true, lines: true, echo: true } as const;
/** And while lanes reads keys. */
export const raw = { signals: false, lines: false, echo: false } as const;

/** The mode of a pty that nobody has touched. */
function freshModes(): number[] {
  const terminal = new Bun.Terminal({});
  const modes = modesOf(terminal);
  terminal.close();
  return modes;
}
