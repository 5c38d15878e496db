/**
 * What a pool does about items that fail and workers that die. A worker that died was at one item, the suspect: that one is
 * tried by itself, and counted as failed after its tries; all others it was sent are innocent and are sent to another.
 */
import { LanesError } from "../errors.ts";
import type { FailureKind, ItemError } from "../recording/results/map-result.ts";
import type { ControlPage } from "./control.ts";
import type { MapCrew } from "./crew.ts";
import { recordOf, triedAgain, workerError } from "./failure.ts";
import { type Chunk, type Tries, untried } from "./items/chunk.ts";
import type { ItemSource } from "./items/source.ts";
import type { Lane } from "./lane.ts";
import { moduleError } from "./module-error.ts";
import type { Answers, MapPoolOptions, PoolListener } from "./options.ts";
import type { ChunkQueue } from "./queue.ts";
import type { Tally } from "./tally.ts";
import type { Broken } from "./worker/module.ts";

/** Workers that may die one after another before they have loaded the module: of a signal, if none ever loaded it … */
const FIRST_START_FAILURES = 3;
/** … and of anything, or be unable to begin, if one did and none is left that works. */
export const START_FAILURES = 10;
/** After a worker that could not begin no other is started for this long, ms; doubled each time, up to the most. */
const FIRST_PAUSE_MS = 50;
const MOST_PAUSE_MS = 2_000;

/** What ends a worker, and not only its item. */
const ENDED: ReadonlySet<FailureKind> = new Set(["exit", "uncaught", "crash", "memory"]);

/** The parts of the pool that losses touch. */
export interface Parts {
  readonly options: Pick<
    MapPoolOptions,
    "module" | "retries" | "onError" | "ordered" | "input" | "timeoutMs" | "maxRssBytes"
  >;
  readonly source: Pick<ItemSource, "close" | "nameOf">;
  readonly listener: PoolListener;
  readonly tally: Pick<Tally, "retried" | "failed" | "crashes">;
  readonly crew: Pick<MapCrew, "emit" | "takeBack" | "lanes" | "paused">;
  readonly control: Pick<ControlPage, "running" | "begun">;
  readonly queue: Pick<ChunkQueue, "add" | "limit">;
  readonly reorder: Pick<Answers, "add" | "limit">;
  /** The pool cannot go on. */
  fatal(error: Error): void;
  /** Calls back after so many ms, unless the pool is over by then. */
  later(ms: number, then: () => void): void;
}

export class Losses {
  readonly #parts: Parts;
  /** The module has been loaded by some worker, so it can be. */
  #everReady = false;
  #startFailures = 0;
  /** Why a worker could not begin, as told: the next one that cannot for the same reason is not told of. */
  #toldStart = "";
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

  /** Whether any worker has ever been ready: if not, the module is to blame, and nothing has been done. */
  get begun(): boolean {
    return this.#everReady;
  }

  /** A worker could not load the module, or whatever else it needs. */
  broken(lane: Lane, broken: Broken): void {
    if (broken.reason === "control")
      lane.excuse(); // the next one inherits the page
    else this.#unable(lane, moduleError(broken, this.#parts.options.module), broken.reason === "build");
  }

  /** A worker's time to get ready is up. */
  late(lane: Lane, limitMs: number): void {
    const { module: file } = this.#parts.options;
    const params = { file, lane: lane.name, seconds: limitMs / 1000 };
    this.#unable(
      lane,
      new LanesError(lane.phase === "load" ? "map.worker.late.load" : "map.worker.late.init", params),
      false,
    );
    lane.kill("SIGKILL");
  }

  /** No worker can be started. */
  refused(error: Error, lane: string): void {
    if (this.#everReady) this.#startAgain(error, lane);
    else this.#parts.fatal(error);
  }

  /** A worker cannot begin. Once there was one that could, that may pass, unless it is `final`. */
  #unable(lane: Lane, error: LanesError, final: boolean): void {
    lane.cannotBegin(error);
    if (final || !this.#everReady) this.#parts.fatal(error);
  }

  /** A worker has ended. `over`: no more work is handed out, so it is nobody's fault. */
  ended(lane: Lane, over: boolean): void {
    const clean = lane.excused || (lane.retiring && lane.exitCode === 0);
    if (!over && !clean) this.#died(lane);
    const suspected = this.#recover(lane, over);
    if (lane.ready && lane.quit?.kind === "uncaught" && !suspected) {
      this.#parts.listener.worker({ is: "idle", lane: lane.name, detail: lane.quit.detail });
    }
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
      if (ENDED.has(error.kind)) {
        const detail = lane.quit?.error === undefined ? lane.ending : lane.quit.detail;
        listener.worker({ is: "again", lane: lane.name, index, detail });
      }
      queue.add([chunk.slice(item, item + 1, tries)]);
      return;
    }
    tally.failed++;
    const { attempts } = tries;
    const text = source.nameOf(chunk.text(item));
    crew.emit(lane, { type: "fail", index, attempts, item: text, error });
    listener.failed({ index, text, attempts, lane: lane.name, error });
    if (options.onError === "stop") {
      // In order, the items before it are still wanted; nothing after it is.
      reorder.limit = options.ordered ? index : -1;
      source.close();
      crew.takeBack(index);
      queue.limit = index;
    }
    reorder.add(
      index,
      1,
      options.onError === "record"
        ? recordOf(index, chunk.itemJson(item, options.input === "jsonl"), tries.attempts, error)
        : null,
    );
  }

  #died(lane: Lane): void {
    if (lane.killed === null && lane.broken === null) this.#parts.tally.crashes++;
    if (lane.ready) return;
    if (!this.#everReady) {
      this.#startFailures++;
      const killed = lane.signal !== null && this.#startFailures < FIRST_START_FAILURES;
      if (killed || lane.broken !== null) return;
      const uncaught = lane.quit?.kind === "uncaught";
      this.broken(lane, { reason: uncaught ? "load" : "quit", detail: lane.quit?.detail ?? lane.ending });
      return;
    }
    const ending = lane.quit?.detail ?? lane.ending;
    const error = lane.broken ?? new LanesError("map.worker.starts", { times: this.#startFailures + 1, ending });
    this.#startAgain(error, lane.name);
  }

  /** Another worker is started after a pause, longer each time; not for ever, if there is none left that works. */
  #startAgain(error: Error, lane: string): void {
    const { crew, listener, fatal, later } = this.#parts;
    if (crew.paused) return; // it was started together with the one that is paused for
    this.#startFailures++;
    if (this.#startFailures >= START_FAILURES && !crew.lanes.some(({ ready }) => ready)) {
      fatal(error);
      return;
    }
    const ms = Math.min(FIRST_PAUSE_MS * 2 ** (this.#startFailures - 1), MOST_PAUSE_MS);
    crew.paused = true;
    if (error.message !== this.#toldStart) listener.worker({ is: "start", lane, detail: error.message, ms });
    this.#toldStart = error.message;
    later(ms, () => {
      crew.paused = false;
    });
  }

  /** What the worker did not answer for is sent to another, the item it was at by itself. @returns whether it was at one. */
  #recover(lane: Lane, over: boolean): boolean {
    let suspected = false;
    const { options, control, queue } = this.#parts;
    const running = control.running(lane.index);
    for (const [slot, chunk] of lane.chunks.entries()) {
      if (chunk === null) continue;
      lane.free(slot);
      // Of one that died between two items, the last one begun: if it left something behind that its worker died of, the
      // items would be sent again and again.
      const begun = control.begun(lane.index, slot);
      const at = running?.slot === slot && running.item >= chunk.answered ? running.item : begun - 1;
      const suspect = at >= chunk.answered ? at : chunk.count;
      queue.add([chunk.slice(chunk.answered, suspect, chunk.tries), chunk.slice(suspect + 1, chunk.count)]);
      if (suspect >= chunk.count) continue;
      suspected = true;
      const { killed, quit } = lane;
      const forAnother = killed !== null && (killed.slot !== slot || killed.item !== suspect);
      if (over || forAnother) queue.add([chunk.slice(suspect, suspect + 1, chunk.tries)]);
      else {
        const kind: FailureKind =
          killed?.kind ?? (quit === null ? "crash" : quit.kind === "quit" ? "exit" : "uncaught");
        const end = { ending: lane.ending, detail: quit?.detail ?? "", ...(quit?.error && { error: quit.error }) };
        this.failed(lane, chunk, suspect, workerError(kind, end, options));
      }
    }
    return suspected;
  }
}
