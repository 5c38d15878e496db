/** A program of tests/fixtures, started from source: what it says on stdout, a line of JSON each, and what it is told. */

import { join } from "node:path";
import { root } from "../root.ts";
import { until } from "../wait.ts";
import { isStopped } from "./processes.ts";

const folder = join(root, "tests/fixtures");

export class Talker<Line extends object> implements AsyncDisposable {
  /** All it has said so far. */
  readonly heard: Line[] = [];
  readonly #process;
  readonly #reading: Promise<void>;

  constructor(program: string, args: readonly (string | number)[]) {
    this.#process = Bun.spawn([process.execPath, join(folder, program), ...args.map(String)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#reading = this.#read();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Waits until it has said a line like this. @returns the first one. */
  async untilHeard(what: string, isWanted: (line: Line) => boolean): Promise<Line> {
    await until(`pid ${this.pid}: ${what}`, () => this.heard.some(isWanted));
    return this.heard.find(isWanted) as Line;
  }

  /** Tells it to go on, and what it has to know for that. */
  goOn(line = ""): void {
    this.#process.stdin.write(`${line}\n`);
    this.#process.stdin.flush();
  }

  /** Lets it end by itself, if the end of stdin is what it waits for. */
  async end(): Promise<void> {
    this.#process.stdin.end();
    await this.ended();
  }

  /** Waits until it has ended by itself, and all it said is here. */
  async ended(): Promise<void> {
    await this.#process.exited;
    await this.#reading;
  }

  /** Sends it a signal; one that kills or stops has done so when this resolves. */
  async signal(name: NodeJS.Signals): Promise<void> {
    this.#process.kill(name);
    if (name === "SIGKILL") await this.ended();
    // Each thread stops when it is next scheduled; one that sleeps in the kernel may have been given a lock by then.
    if (name === "SIGSTOP") await until(`pid ${this.pid} has stopped`, () => isStopped(this.pid));
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
      this.heard.push(...lines.map((line) => JSON.parse(line) as Line));
    }
  }
}
