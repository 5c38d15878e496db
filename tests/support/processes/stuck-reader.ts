/** A pipe whose reader stands still: whoever writes more than it holds has to wait. */
import { closeSync, constants, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Playground } from "../lanes.ts";
import { until } from "../wait.ts";

export class StuckReader {
  /** The end to write to: what a process is to have for its stdout. */
  readonly writer: number;
  readonly #reader: number;
  readonly #probe: number;
  readonly #path: string;

  constructor(place: Playground) {
    this.#path = join(place.tmp, "stuck");
    const { exitCode } = Bun.spawnSync(["mkfifo", this.#path]);
    if (exitCode !== 0) throw new Error(`mkfifo ${this.#path}: exit code ${exitCode}`);
    this.#reader = openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.writer = openSync(this.#path, "w");
    this.#probe = openSync(this.#path, constants.O_WRONLY | constants.O_NONBLOCK);
  }

  /** Waits until not a byte more goes in. */
  async full(): Promise<void> {
    await until("the pipe to be full", () => {
      try {
        writeSync(this.#probe, ".");
        return false;
      } catch (error) {
        return (error as { code?: string }).code === "EAGAIN";
      }
    });
  }

  close(): void {
    for (const fd of [this.writer, this.#probe, this.#reader]) closeSync(fd);
    rmSync(this.#path);
  }
}
