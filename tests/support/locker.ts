/** Processes that take a lock, for tests to direct: tests/fixtures/lock-process.ts, started from source. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sleepsForLock } from "../../scripts/bench/asleep.ts";
import { until } from "./wait.ts";

export interface Happening {
  readonly type: "waits" | "held" | "failed" | "released";
  readonly pid: number;
  readonly on?: number | null;
  readonly recovered?: number | null;
  readonly waitedMs?: number;
  readonly key?: string;
  readonly exitCode?: number;
  readonly how?: string;
}

const program = join(import.meta.dir, "..", "fixtures", "lock-process.ts");

export class Locker implements AsyncDisposable {
  readonly happenings: Happening[] = [];
  readonly #process;
  readonly #reading: Promise<void>;

  constructor(file: string, waitMs?: number) {
    const args = waitMs === undefined ? [] : [String(waitMs)];
    this.#process = Bun.spawn([process.execPath, program, file, ...args], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#reading = this.#read();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Whether something of this type has happened to it. */
  has(type: Happening["type"]): boolean {
    return this.happenings.some((happening) => happening.type === type);
  }

  /** Waits until something of this type has happened. */
  async until(type: Happening["type"]): Promise<Happening> {
    await until(`pid ${this.pid}: ${type}`, () => this.has(type));
    return this.happenings.find((happening) => happening.type === type)!;
  }

  /** Waits until it sleeps in the kernel: see {@link sleepsForLock}. */
  async asleep(): Promise<void> {
    await this.until("waits");
    await until(`pid ${this.pid} sleeps for the lock`, () => sleepsForLock(this.pid));
  }

  /** Lets it release; it stays there. */
  async release(): Promise<Happening> {
    this.#process.stdin.write("\n");
    this.#process.stdin.flush();
    return this.until("released");
  }

  /** Lets it end by itself. */
  async end(): Promise<void> {
    this.#process.stdin.end();
    await this.#process.exited;
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    this.#process.kill(name);
    if (name === "SIGKILL") await this.#process.exited;
    // Each thread stops when it is next scheduled; one that sleeps in flock may have been given the lock by then.
    if (name === "SIGSTOP") await until(`pid ${this.pid} has stopped`, () => isStopped(this.pid));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
    await this.#reading;
  }

  async #read(): Promise<void> {
    let text = "";
    for await (const chunk of this.#process.stdout) {
      text += Buffer.from(chunk).toString();
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      this.happenings.push(...lines.map((line) => JSON.parse(line) as Happening));
    }
  }
}

/** Whether all of its threads have stopped. */
function isStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((task) => {
    const stat = readFileSync(`/proc/${pid}/task/${task}/stat`, "latin1");
    return stat[stat.lastIndexOf(")") + 2] === "T";
  });
}
