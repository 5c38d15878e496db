/**
 * The pool's workers: one place a job, each with a process or none. Processes are started when there is work for them and
 * no idle one to take it; one that died or retired is replaced the same way.
 */
import { sinceMs } from "../recording/clock.ts";
import type { Happening } from "../recording/event.ts";
import { buildId } from "../version.ts";
import { type ControlPage, SLOTS } from "./control.ts";
import type { Chunk } from "./items/chunk.ts";
import { Lane, type LaneListener } from "./lane.ts";
import type { MapPoolOptions, PoolTimeline } from "./options.ts";
import type { Tally } from "./tally.ts";
import type { BeginWorker, WorkerSignal } from "./wired-process.ts";

/** What a worker that has been told that there is no more work has to end by itself, ms. */
const END_GRACE_MS = 500;

export class MapCrew {
  readonly #places: (Lane | null)[];
  /** Workers of which something may still be there. */
  readonly #present = new Set<Lane>();
  /** No worker is started for now: the last ones could not begin. */
  paused = false;

  constructor(
    readonly options: MapPoolOptions,
    readonly control: ControlPage,
    readonly tally: Tally,
    readonly listener: LaneListener,
    readonly timeline: PoolTimeline,
    readonly begin: BeginWorker,
  ) {
    this.#places = new Array(options.jobs).fill(null);
  }

  /** The workers that have not ended. */
  get lanes(): Lane[] {
    return this.#places.filter((lane) => lane !== null);
  }

  get outstanding(): boolean {
    return this.lanes.some((lane) => lane.outstanding > 0);
  }

  /**
   * Who should get the next chunk: an idle worker, else a place without one, else one that has nothing waiting. Null if
   * all have enough.
   */
  hungriest(): Lane | number | null {
    const idle = this.lanes.find((lane) => lane.takes && lane.outstanding === 0);
    if (idle !== undefined) return idle;
    const empty = this.#places.indexOf(null);
    if (empty >= 0 && !this.paused) return empty;
    return this.lanes.find((lane) => lane.takes && lane.outstanding < SLOTS) ?? null;
  }

  /** Starts a worker in an empty place. @throws LanesError if the system refuses. */
  start(index: number): Lane {
    const { module, exportName, init, input, output, integers, tsconfig, timeoutMs, maxRssBytes, recycle } =
      this.options;
    const name = `P${index + 1}`;
    const user = { module, exportName, init, input, output, integers, tsconfig, timeoutMs, maxRssBytes };
    const lane = new Lane(
      index,
      this.control,
      { ...user, build: buildId, worker: index, lane: name },
      this.listener,
      recycle,
      this.begin,
    );
    this.#present.add(lane);
    void lane.gone.then(() => this.#present.delete(lane));
    this.#places[index] = lane;
    this.tally.lane(index, name).started++;
    this.emit(lane, { type: "spawn" });
    return lane;
  }

  /** A worker has ended: its place is empty. */
  leave(lane: Lane): void {
    this.#places[lane.index] = null;
    this.emit(lane, { type: "exit", code: lane.exitCode, signal: lane.signal });
  }

  /** Takes back from every worker what it has not begun of the items from `from` (in the input) on. */
  takeBack(from = 0): (Chunk | null)[] {
    return this.lanes.flatMap((lane) => lane.takeBack(from));
  }

  /** For an idle worker: half of what the busiest has not begun. None if all have begun what they have. */
  spare(): (Chunk | null)[] {
    const [busiest] = this.lanes.toSorted((a, b) => b.notBegun - a.notBegun);
    // One that is between two items is about to begin the next itself.
    if (busiest === undefined || busiest.notBegun === 0 || this.control.running(busiest.index) === null) return [];
    return busiest.giveAway(Math.ceil(busiest.notBegun / 2));
  }

  /** Whether a worker that could work has nothing to do, while another has more than it is at. */
  get uneven(): boolean {
    const { lanes } = this;
    return lanes.some((lane) => lane.outstanding === 0 && lane.takes) && lanes.some((lane) => lane.notBegun > 0);
  }

  /** Ends all workers: those that have nothing left to do by themselves, so that user code may clear up. */
  async end(): Promise<void> {
    for (const lane of this.lanes) {
      if (lane.outstanding === 0 && lane.ready) lane.end();
      else lane.kill("SIGKILL");
    }
    const patience = setTimeout(() => this.signal("SIGKILL"), END_GRACE_MS);
    await Promise.all([...this.#present].map((lane) => lane.gone));
    clearTimeout(patience);
  }

  /** Signals all workers. */
  signal(signal: WorkerSignal): void {
    for (const lane of this.lanes) lane.kill(signal);
  }

  /** Records what happens to a worker, on its lane. */
  emit(lane: Lane, happening: Happening<"map">, ppid = process.pid): void {
    this.timeline.sink({ ...happening, t: sinceMs(this.timeline.originMs), lane: lane.name, pid: lane.pid, ppid });
  }
}
