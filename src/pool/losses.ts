/**
 * What a pool does about items that fail and workers that die. A worker that died was at one item, the suspect: that one is
 * tried by itself, and counted as failed after its tries; all others it was sent are innocent and are sent to another.
 */
import { LanesError } from "../errors.ts";
import { type Chunk, type Tries, untried } from "./chunk.ts";
import type { ControlPage } from "./control.ts";
import type { Crew } from "./crew.ts";
import { type FailureKind, type ItemError, recordOf, triedAgain, workerError } from "./failure.ts";
import type { Lane } from "./lane.ts";
import type { Broken } from "./module.ts";
import { moduleError } from "./module-error.ts";
import type { PoolListener, PoolOptions } from "./options.ts";
import type { Queue } from "./queue.ts";
import type { Reorder } from "./reorder.ts";
import type { Source } from "./source.ts";
import type { Tally } from "./tally.ts";

/** Workers that may die one after another before they have loaded the module: of a signal, if none ever loaded it … */
const FIRST_START_FAILURES = 3;
/** … and of anything, if one did. */
const START_FAILURES = 10;

/** The parts of the pool that losses touch. */
interface Parts {
  readonly options: PoolOptions;
  readonly source: Source;
  readonly listener: PoolListener;
  readonly tally: Tally;
  readonly crew: Crew;
  readonly control: ControlPage;
  readonly queue: Queue;
  readonly reorder: Reorder;
  /** The pool cannot go on. */
  fatal(error: Error): void;
}

export class Losses {
  readonly #parts: Parts;
  /** The module has been loaded by some worker, so it can be. */
  #everReady = false;
  #startFailures = 0;
  /** Items whose worker died and that then succeeded. */
  #innocent = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A worker has loaded the module. */
  ready(): void {
    this.#everReady = true;
    this.#startFailures = 0;
  }

  /** Items of this chunk have results. */
  answered(chunk: Chunk): void {
    if (chunk.tries.crashes > 0) this.#innocent++;
  }

  /** A worker could not load the module, or whatever else it needs. */
  broken(lane: Lane, broken: Broken): void {
    if (broken.reason === "control")
      lane.excused = true; // the next one inherits the page
    else this.#parts.fatal(moduleError(broken, this.#parts.options.module));
  }

  /** A worker has ended. `over`: no more work is handed out, so it is nobody's fault. */
  ended(lane: Lane, over: boolean): void {
    const clean = lane.excused || (lane.retiring && lane.exitCode === 0);
    if (!over && !clean) this.#died(lane);
    this.#recover(lane, over);
  }

  /** An item failed: it is tried again, or answered for as failed. */
  failed(lane: Lane, chunk: Chunk, item: number, error: ItemError): void {
    const { options, source, listener, tally, crew, queue, reorder } = this.#parts;
    const index = chunk.first + item;
    if (index > reorder.limit) return; // behind the failure that stopped it all
    const before = chunk.count === 1 ? chunk.tries : untried;
    const crashed = error.kind === "crash" || error.kind === "memory";
    const tries: Tries = { attempts: before.attempts + 1, crashes: before.crashes + (crashed ? 1 : 0) };
    if (triedAgain(error.kind, tries, options.retries, this.#innocent)) {
      tally.retried++;
      crew.emit(lane, { type: "retry", index, reason: error.kind });
      queue.add([chunk.slice(item, item + 1, tries)]);
      return;
    }
    tally.failed++;
    crew.emit(lane, { type: "fail", index, attempts: tries.attempts, error });
    listener.failed({ index, text: chunk.text(item), attempts: tries.attempts, lane: lane.name, error });
    if (options.onError === "stop") {
      // In order, the items before it are still wanted; nothing after it is.
      reorder.limit = options.ordered ? index : -1;
      source.close();
      crew.takeBack(index);
      queue.limit = index;
    }
    reorder.add(index, 1, options.onError === "record" ? recordOf(index, error) : null);
  }

  #died(lane: Lane): void {
    if (lane.killed === null) this.#parts.tally.crashes++;
    if (lane.ready) return;
    const ending = lane.quit?.detail ?? lane.ending;
    this.#startFailures++;
    if (!this.#everReady) {
      const killed = lane.signal !== null && this.#startFailures < FIRST_START_FAILURES;
      if (!killed) this.broken(lane, { reason: "quit", detail: ending });
    } else if (this.#startFailures >= START_FAILURES) {
      this.#parts.fatal(new LanesError("map.worker.starts", { times: START_FAILURES, ending }));
    }
  }

  /** What the worker did not answer for is sent to another, the item it was at by itself. */
  #recover(lane: Lane, over: boolean): void {
    const { options, control, queue } = this.#parts;
    const running = control.running(lane.index);
    for (const [slot, chunk] of lane.chunks.entries()) {
      if (chunk === null) continue;
      lane.chunks[slot] = null;
      const suspect = running?.slot === slot && running.item >= chunk.answered ? running.item : chunk.count;
      queue.add([chunk.slice(chunk.answered, suspect, chunk.tries), chunk.slice(suspect + 1, chunk.count)]);
      if (suspect >= chunk.count) continue;
      const { killed, quit } = lane;
      const forAnother = killed !== null && (killed.slot !== slot || killed.item !== suspect);
      if (over || forAnother) queue.add([chunk.slice(suspect, suspect + 1, chunk.tries)]);
      else {
        const kind: FailureKind = killed?.kind ?? (quit?.kind === "quit" ? "exit" : "crash");
        this.failed(lane, chunk, suspect, workerError(kind, lane.ending, quit?.detail ?? "", options));
      }
    }
  }
}
