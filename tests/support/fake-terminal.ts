/** A terminal that takes its time for what is written to it, and says what was: with a clock that goes only when it is told to. */
import type { PaceClock } from "../../src/terminal/pace.ts";
import type { Terminal } from "../../src/terminal/terminal.ts";

/** Time that passes when somebody lets it pass; timers are called on the way. */
export class FakeClock implements PaceClock {
  #nowMs = 0;
  #timers: { readonly atMs: number; readonly call: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Somebody works, or waits for a terminal: timers wait, too. */
  block(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets so many ms pass. */
  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = this.#timers.toSorted((a, b) => a.atMs - b.atMs);
      if (next === undefined || next.atMs > untilMs) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.call();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }
}

export class FakeTerminal {
  readonly clock = new FakeClock();
  /** Ms that whoever writes waits for it. */
  slowMs = 0;
  /** Ms that it takes for what is offered, while nobody waits. */
  takesMs = 0;
  #outMs = 0;
  rows = 24;
  columns = 80;
  isOurs = true;
  cursorHidden = false;
  suspensions = 0;
  /** What was written, piece by piece, and when its writing began. */
  readonly written: { readonly atMs: number; readonly text: string }[] = [];
  readonly #resize = new Set<() => void>();
  readonly #return = new Set<() => void>();
  #reader: ((key: string) => void) | undefined;

  readonly keyboard = {
    read: (reader: (key: string) => void) => {
      this.#reader = reader;
      return () => {
        this.#reader = undefined;
      };
    },
  };

  /** As what it stands for. */
  get terminal(): Terminal {
    return this as unknown as Terminal;
  }

  get style() {
    return { columns: this.columns, ascii: false, color: false };
  }

  /** Whether keys are read. */
  get isHeard(): boolean {
    return this.#reader !== undefined;
  }

  write(text: string): void {
    if (text === "") return;
    this.written.push({ atMs: this.clock.nowMs(), text });
    this.clock.block(this.slowMs);
  }

  offer(text: string): void {
    this.write(text);
    this.#outMs = this.clock.nowMs() + this.takesMs;
  }

  get isOut(): boolean {
    return this.clock.nowMs() >= this.#outMs;
  }

  withdraw(): void {
    this.#outMs = 0;
  }

  hideCursor(): void {
    this.cursorHidden = true;
  }

  async suspend(): Promise<void> {
    this.suspensions++;
  }

  onResize(listener: () => void): () => void {
    this.#resize.add(listener);
    return () => this.#resize.delete(listener);
  }

  onReturn(listener: () => void): () => void {
    this.#return.add(listener);
    return () => this.#return.delete(listener);
  }

  type(key: string): void {
    this.#reader?.(key);
  }

  resize(columns: number, rows: number): void {
    Object.assign(this, { columns, rows });
    for (const listener of [...this.#resize]) listener();
  }

  comeBack(): void {
    this.isOurs = true;
    for (const listener of [...this.#return]) listener();
  }
}
