/** A process that does with shared objects what a test tells it. */
import type { Handle } from "../../../src/memory/index.ts";
import { Process } from "../../../src/process/index.ts";
import { puppet } from "../../fixtures/memory.ts";

export class Puppet implements AsyncDisposable {
  readonly process: Process;

  constructor(...handles: Handle[]) {
    this.process = new Process({ target: puppet, args: handles }).start();
  }

  /** What a method of one of its handles gives there. Rejects with what it throws, which may have a `pid`. */
  async tell(handle: number, method: string, ...args: unknown[]): Promise<unknown> {
    this.process.send([handle, method, ...args]);
    const { value, error, pid } = (await this.process.receive()) as { value?: unknown; error?: string; pid?: unknown };
    if (error !== undefined) throw Object.assign(new Error(error), { pid });
    return value;
  }

  /** It ends because it is done. */
  async end(): Promise<void> {
    this.process.send("end");
    await this.process.join();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill();
    await this.process.join();
  }
}
