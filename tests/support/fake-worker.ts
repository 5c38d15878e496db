/**
 * A worker of a map that is no process: it takes chunks, begins items on the control page and answers by the frames of wire.ts, as
 * worker/runner.ts does; and it dies, hangs or does not begin, as a test wants it to. Everything happens in a later turn of the event loop.
 */
import type { ControlPage } from "../../src/pool/control.ts";
import { FrameParser, type Header, Kind, textFrame } from "../../src/pool/wire.ts";
import type { MapWorkerProcess, ProcessListener, WorkerSignal, WorkerTask } from "../../src/pool/wired-process.ts";
import { nowMs } from "../../src/recording/clock.ts";

/** What becomes of an item: its result; an error's message; or the end of the worker, which may be quiet for ever. */
export type Deed =
  | { readonly result: string }
  | { readonly error: string }
  | { readonly dies: string }
  | { readonly quits: string }
  | "hangs";

export interface FakeOptions {
  readonly control: ControlPage;
  /** @param attempt from 1. */
  readonly does: (line: string, attempt: number) => Deed;
  /** Instead of getting ready. */
  readonly begins?: "dies" | "says nothing" | { readonly broken: object };
}

let pids = 1_000_000;

export class FakeWorker implements MapWorkerProcess {
  readonly pid = pids++;
  readonly signals: WorkerSignal[] = [];
  ended = false;
  ending = "exit code 0";
  exitCode: number | null = null;
  signal: string | null = null;
  readonly #gone = Promise.withResolvers<void>();
  readonly gone = this.#gone.promise;
  readonly #chunks: { readonly header: Header; readonly lines: readonly string[] }[] = [];
  readonly #parser = new FrameParser((header, body) => {
    this.#chunks.push({ header, lines: body.toString().split("\n") });
    this.#wake();
  });
  #wake: () => void = () => {};
  #isOver = false;
  #waits = false;

  constructor(
    readonly task: WorkerTask,
    readonly listener: ProcessListener,
    readonly options: FakeOptions,
  ) {
    void this.#live();
  }

  write(frame: Uint8Array): void {
    this.#parser.push(Buffer.from(frame));
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  kill(signal: WorkerSignal): void {
    if (this.ended) return;
    this.signals.push(signal);
    if (signal === "SIGKILL") this.#die("SIGKILL");
  }

  async #live(): Promise<void> {
    await turn();
    const { begins = "well" } = this.options;
    if (begins === "dies") return this.#die("SIGSEGV");
    if (begins === "says nothing") return;
    if (typeof begins === "object") {
      this.#say(Kind.broken, {}, begins.broken);
      return this.#exit(1);
    }
    if (this.task.init !== null) this.#say(Kind.loaded, {}, "");
    this.#say(Kind.ready, {}, { pid: this.pid, ppid: process.pid, atMs: nowMs() });
    while (!this.ended) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) await this.#run(chunk.header, chunk.lines);
      else if (this.#isOver) this.#exit(0);
      else await this.#more();
      if (this.#waits) return;
    }
  }

  async #run({ slot, attempt }: Header, lines: readonly string[]): Promise<void> {
    const { control, does } = this.options;
    const { worker } = this.task;
    const began = performance.now();
    let count = 0;
    for (let item = control.begin(worker, slot, nowMs()); item >= 0; item = control.begin(worker, slot, nowMs())) {
      await turn();
      if (this.ended) return;
      const deed = does(lines[item] ?? "", attempt + 1);
      if (deed === "hangs") {
        this.#waits = true;
        return;
      }
      if ("dies" in deed) return this.#die(deed.dies);
      if ("quits" in deed) {
        this.#say(Kind.quit, {}, { kind: "quit", detail: deed.quits });
        return this.#exit(3);
      }
      if ("error" in deed)
        this.#say(Kind.failed, { slot, from: item, count: 1 }, { name: "Error", message: deed.error });
      else this.#say(Kind.results, { slot, from: item, count: 1 }, `${deed.result}\n`);
      count = item + 1;
    }
    const stats = { ms: performance.now() - began, times: [], blank: 0, outputBytes: 0, rssBytes: 0 };
    this.#say(Kind.done, { slot, count }, stats);
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #say(kind: Kind, header: Partial<Header>, what: string | object): void {
    if (this.ended) return;
    const text = typeof what === "string" ? what : JSON.stringify(what);
    new FrameParser((...frame) => this.listener.frame(...frame)).push(textFrame(kind, header, text));
  }

  #die(signal: string): void {
    this.signal = signal;
    this.ending = signal;
    this.#over();
  }

  #exit(code: number): void {
    this.exitCode = code;
    this.ending = `exit code ${code}`;
    this.#over();
  }

  #over(): void {
    if (this.ended) return;
    this.ended = true;
    this.#wake();
    void turn().then(() => {
      this.listener.ended();
      this.#gone.resolve();
    });
  }
}

const turn = () => new Promise<void>(setImmediate);
