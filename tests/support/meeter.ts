/** Processes that meet others at a semaphore, queue, barrier or event: tests/fixtures/coordination.ts, from source. */
import { join } from "node:path";
import { until } from "./wait.ts";

/** What one of them says: one of these, and when (ms, on the one clock). */
export interface Saying {
  readonly t: number;
  readonly waits?: unknown;
  readonly has?: number;
  readonly recovered?: number | null;
  readonly gave?: number;
  readonly in?: number;
  readonly out?: number;
  readonly put?: string;
  readonly length?: number;
  readonly took?: string;
  readonly number?: number;
  readonly came?: number;
  readonly passed?: number | true;
  readonly failed?: string;
  readonly message?: string;
}

const program = join(import.meta.dir, "..", "fixtures", "coordination.ts");

export class Meeter implements AsyncDisposable {
  readonly sayings: Saying[] = [];
  readonly #process;
  readonly #reading: Promise<void>;

  constructor(kind: "slot" | "slots" | "put" | "take" | "barrier" | "event", ...args: readonly (string | number)[]) {
    const command = [process.execPath, program, kind, ...args.map(String)];
    this.#process = Bun.spawn(command, { stdio: ["pipe", "pipe", "inherit"] });
    this.#reading = this.#read();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Whether it has said something of this kind. */
  said(what: keyof Saying): Saying | undefined {
    return this.sayings.find((saying) => saying[what] !== undefined);
  }

  /** Waits until it has said something of this kind. */
  async until(what: keyof Saying): Promise<Saying> {
    await until(`pid ${this.pid}: ${what}`, () => this.said(what));
    return this.said(what) as Saying;
  }

  /** Tells it to go on. */
  goOn(): void {
    this.#process.stdin.write("\n");
    this.#process.stdin.flush();
  }

  /** Waits until it has ended by itself, and all it said is here. */
  async ended(): Promise<void> {
    await this.#process.exited;
    await this.#reading;
  }

  /** Sends it a signal; one that kills has done so when this resolves. @returns when it was sent, on the one clock. */
  async signal(name: NodeJS.Signals): Promise<void> {
    this.#process.kill(name);
    if (name === "SIGKILL") await this.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.signal("SIGKILL");
  }

  async #read(): Promise<void> {
    let text = "";
    for await (const chunk of this.#process.stdout) {
      text += Buffer.from(chunk).toString();
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      this.sayings.push(...lines.map((line) => JSON.parse(line) as Saying));
    }
  }
}
