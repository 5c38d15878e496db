/**
 * A pool's worker: what main.ts runs when it finds the pool's sentinel. Imports the user's module once, then runs chunk
 * after chunk, one item at a time, until there are no more. Whatever user code does (throws, exits, rejects without
 * anyone listening), the pool hears which item it was and gets the results before it.
 */

import { LARGE_HEAP_VARIABLE, NO_ORPHANS_VARIABLE } from "../../os/bun.ts";
import { onUncaught } from "../../os/uncaught.ts";
import { writeWire } from "../../process/write.ts";
import { nowMs } from "../../recording/clock.ts";
import { type ErrorData, tell, tellText, textOf } from "../../thrown.ts";
import { buildId } from "../../version.ts";
import { ControlPage } from "../control.ts";
import { IN_FD, Kind, OUT_FD, textFrame } from "../wire.ts";
import type { WorkerConfig } from "./config.ts";
import { Inbox } from "./inbox.ts";
import { type Broken, BrokenModule, loadModule } from "./module.ts";
import { ItemRunner } from "./runner.ts";

/** Imports a module that is part of this executable; undefined if there is none of that name. */
export type LoadBuiltin = (name: string) => Promise<unknown>;

/** Works until the pool has no more; resolves to this process's exit code. */
export async function runMapWorker(loadBuiltin: LoadBuiltin): Promise<number> {
  // This process was told so once; what it starts decides for itself.
  delete process.env[NO_ORPHANS_VARIABLE];
  delete process.env[LARGE_HEAP_VARIABLE];
  const inbox = new Inbox();
  await inbox.listen(IN_FD);
  const start = await inbox.next();
  if (start === null) return 0; // it is not needed after all
  const config = JSON.parse(start.body.toString()) as WorkerConfig;
  // What a program finds that is started by itself: nothing of lanes' own.
  process.argv.splice(1, process.argv.length - 1, config.module);
  const quit = Promise.withResolvers<number>();
  const worker = new Worker(config, inbox, quit.resolve);
  return Promise.race([worker.work(loadBuiltin).catch((error) => worker.fail(error)), quit.promise]);
}

/** Why user code ends its worker. */
export interface QuitData {
  /** `quit`: process.exit; `uncaught`: an error that nobody caught. */
  readonly kind: "quit" | "uncaught";
  readonly detail: string;
  readonly error?: ErrorData;
}

class Worker {
  #runner: ItemRunner | null = null;
  #finished = false;

  constructor(
    readonly config: WorkerConfig,
    readonly inbox: Inbox,
    readonly quit: (code: number) => void,
  ) {
    // A terminal's Ctrl-C goes to the whole group; what becomes of this worker is for the pool to say.
    process.on("SIGINT", () => {});
    process.on("SIGQUIT", () => {}); // Ctrl-\ the same
    process.on("SIGTERM", () => this.#runner?.interrupt());
    onUncaught((error) => this.fail(error));
    process.on("exit", (code) => {
      if (!this.#finished) this.#say({ kind: "quit", detail: `exit code ${code}` });
    });
  }

  async work(loadBuiltin: LoadBuiltin): Promise<number> {
    const { config } = this;
    if (config.build !== buildId) return this.#broken({ reason: "build", detail: buildId });
    const control = controlPage(config.control);
    if (control === null) return this.#broken({ reason: "control", detail: config.control });
    if (config.tsconfig !== null) await (await import("./tsconfig-plugin.ts")).useTsconfig(config.module);
    const load = () => (config.module.startsWith("/") ? import(config.module) : loadBuiltin(config.module));
    try {
      const { map, init } = await loadModule(load, config.exportName, config.init);
      this.#runner = new ItemRunner(config, map, control);
      if (init !== null) await this.#init(init, config.init ?? "");
    } catch (error) {
      if (error instanceof BrokenModule) return this.#broken(error.broken);
      throw error;
    }
    writeWire(
      OUT_FD,
      textFrame(Kind.ready, {}, JSON.stringify({ pid: process.pid, ppid: process.ppid, atMs: nowMs() })),
    );
    for (let frame = await this.inbox.next(); frame !== null; frame = await this.inbox.next()) {
      await this.#runner.run(frame.header, frame.body);
    }
    this.#finished = true;
    return 0;
  }

  async #init(init: (context: unknown) => unknown, name: string): Promise<void> {
    writeWire(OUT_FD, textFrame(Kind.loaded, {}, ""));
    try {
      await init({ lane: this.config.lane, pid: process.pid, ppid: process.ppid });
    } catch (error) {
      throw new BrokenModule({ reason: "init", name, detail: tellText(error) });
    }
  }

  #broken(broken: Broken): number {
    this.#finished = true;
    writeWire(OUT_FD, textFrame(Kind.broken, {}, JSON.stringify(broken)));
    return 1;
  }

  /** An error that no item's own promise carries ends the worker: who knows what it left behind. @returns its exit code. */
  fail(thrown: unknown): number {
    if (!this.#finished) {
      const error = tell(thrown);
      this.#say({ kind: "uncaught", detail: textOf(error), error });
      this.#finished = true;
      this.quit(1);
    }
    return 1;
  }

  #say(quit: QuitData): void {
    this.#runner?.halt();
    writeWire(OUT_FD, textFrame(Kind.quit, {}, JSON.stringify(quit)));
  }
}

function controlPage(path: string): ControlPage | null {
  try {
    return ControlPage.at(path);
  } catch {
    return null;
  }
}
