/** The controller, from the side of the person's lanes: starts it, asks it for runs, and ends it with all it runs. */
import { LanesError } from "../errors.ts";
import { givenStdio } from "../os/files/descriptors.ts";
import { selfCommand, selfEnvironment } from "../process/reexec.ts";
import { CONTROLLER_SENTINEL } from "../process/sentinels.ts";
import type { ControlRequest, RunReport } from "./control/messages.ts";

/** How long it may take to end what it runs, ms. */
const PATIENCE_MS = 5_000;

export class Controlled {
  readonly #process: Bun.Subprocess<"pipe", "pipe", "inherit">;
  readonly #output: AsyncIterator<Uint8Array>;
  #rest: Buffer[] = [];

  /** @param scratch what it removes should lanes be gone. */
  constructor(scratch: string) {
    this.#process = Bun.spawn(selfCommand(CONTROLLER_SENTINEL), {
      stdio: ["pipe", "pipe", "inherit", ...givenStdio()],
      // It outlives lanes by a moment, to remove the folder: it is not to be killed with it.
      env: selfEnvironment(false),
      detached: true,
    });
    this.#output = this.#process.stdout[Symbol.asyncIterator]();
    this.#write({ scratch });
  }

  /** Runs a command as it is asked to. One at a time. @throws LanesError `explore.error.controller` if it has been killed. */
  async run(request: ControlRequest): Promise<RunReport> {
    this.#write(request);
    const line = await this.#line();
    if (line === null) throw new LanesError("explore.error.controller", {});
    return JSON.parse(line) as RunReport;
  }

  /** Ends what runs, and the controller. */
  async end(): Promise<void> {
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), PATIENCE_MS);
    await this.#process.exited;
    clearTimeout(timer);
  }

  #write(message: unknown): void {
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
    this.#process.stdin.flush();
  }

  async #line(): Promise<string | null> {
    for (;;) {
      const { done, value } = await this.#output.next();
      if (done) return null;
      const chunk = Buffer.from(value);
      const end = chunk.indexOf(10);
      this.#rest.push(end < 0 ? chunk : chunk.subarray(0, end));
      if (end < 0) continue;
      const line = Buffer.concat(this.#rest).toString();
      this.#rest = [chunk.subarray(end + 1)];
      return line;
    }
  }
}
