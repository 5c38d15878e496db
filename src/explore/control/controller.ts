/**
 * The controller: a process of lanes' own that runs a command so that only one of its processes goes on at a time, and chooses
 * which. A request a line on its stdin, a report a line on its stdout, until stdin ends.
 *
 * Always true: whatever it starts dies with it, however it ends (PTRACE_O_EXITKILL); and when lanes is gone, however that
 * happened, it ends everything and removes the folder of the copies.
 */
import { readSync, rmSync } from "node:fs";
import { ExitCode, errnoCode } from "../../errors.ts";
import { systemPath } from "../../os/bytes/paths.ts";
import { givenDescriptors } from "../../os/files/descriptors.ts";
import { libcFunctions } from "../../os/libc.ts";
import { writeAll } from "../../os/stdout.ts";
import type { ControlRequest } from "./messages.ts";
import { ControlledRun } from "./run.ts";

/** What is left when lanes has been killed: the folder to remove comes with the first line. */
export interface ControllerStart {
  readonly scratch: string;
}

const POLLIN = 1;

export function runController(): number {
  givenDescriptors(); // before there are any of its own
  const input = new Input();
  const start = JSON.parse(input.line() ?? "null") as ControllerStart | null;
  for (let line = input.line(); line !== null; line = input.line()) {
    const run = new ControlledRun(JSON.parse(line) as ControlRequest, () => input.hasEnded());
    const report = run.run();
    if (input.hasEnded()) break;
    writeAll(1, `${JSON.stringify(report)}\n`);
  }
  if (start !== null) rmSync(systemPath(start.scratch), { recursive: true, force: true });
  return ExitCode.ok;
}

/** stdin, read where nothing else can be done meanwhile. */
class Input {
  readonly #c = libcFunctions({ poll: { args: ["ptr", "u64", "i32"], returns: "i32" } });
  readonly #asked = new Int32Array(2);
  readonly #decoder = new TextDecoder();
  #rest = "";
  #ended = false;

  /** The next line; null when there will be none. */
  line(): string | null {
    const bytes = Buffer.alloc(1 << 16);
    while (!this.#ended && !this.#rest.includes("\n")) {
      const got = this.#read(bytes);
      this.#ended = got === 0;
      this.#rest += this.#decoder.decode(bytes.subarray(0, got), { stream: true });
    }
    const end = this.#rest.indexOf("\n");
    if (end < 0) return null;
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }

  /** Whether lanes wants no more of it, or is gone: during a run it says nothing else. */
  hasEnded(): boolean {
    this.#asked[0] = 0;
    this.#asked[1] = POLLIN;
    return this.#ended || this.#c.poll(this.#asked, 1, 0) > 0;
  }

  #read(bytes: Buffer): number {
    for (;;) {
      try {
        return readSync(0, bytes, 0, bytes.length, null);
      } catch (error) {
        const code = errnoCode(error);
        if (code !== "EINTR" && code !== "EAGAIN") return 0;
      }
    }
  }
}
