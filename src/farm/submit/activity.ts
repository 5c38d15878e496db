/** What runs of a run, here and elsewhere, and how that comes to be events on lanes. */
import type { Run, StopReason } from "../../jobs/plan.ts";
import { nowMs } from "../../recording/clock.ts";
import type { Sink } from "../../recording/event.ts";
import type { FarmConnection } from "../connection.ts";
import { type RunningJob, runningJobs } from "../jobs/batch-statements.ts";
import type { FarmWorker } from "../work/worker.ts";
import type { Batch } from "./collection.ts";
import { FarmEvents } from "./events.ts";
import { FarmLanes } from "./lanes.ts";
import type { Ran } from "./results.ts";

export interface ActivityParts {
  readonly connection: FarmConnection;
  readonly batch: Batch;
  readonly sink: Sink<"run"> | null;
  /** Does jobs of this batch here; null: nobody does. */
  readonly worker: FarmWorker | null;
  /** What this machine is called. */
  readonly host: string;
}

export class Activity {
  readonly #parts: ActivityParts;
  readonly #lanes = new FarmLanes();
  readonly #events: FarmEvents;
  readonly #originMs = nowMs();
  #elsewhere: readonly RunningJob[] = [];

  constructor(parts: ActivityParts) {
    this.#parts = parts;
    this.#events = new FarmEvents(parts.sink);
  }

  /** Asks what runs on the farm. @throws what the connection throws. */
  async look(): Promise<void> {
    const { connection, batch } = this.#parts;
    this.#elsewhere = await runningJobs(connection, batch.id);
    for (const { host, slot, ms, pid, ppid, ...job } of this.#elsewhere) {
      this.#events.runs({ lane: this.#lanes.of(host, slot), pid, ppid }, Math.max(0, this.#nowMs - ms), job);
    }
  }

  /** A job has ended. @returns how many lanes there are by now. */
  ended({ result, host, slot, pid, ppid, endedMs }: Ran): number {
    const lane = this.#lanes.of(host, slot);
    this.#events.ended({ lane, pid, ppid }, Math.max(0, endedMs - this.#parts.batch.atMs), result);
    return this.#lanes.size;
  }

  /** No more jobs are begun. */
  stopped(reason: StopReason): void {
    this.#events.tell(this.#nowMs, { type: "stop", reason });
  }

  /** Hands on what nothing earlier can come before any more. */
  pass(): void {
    this.#events.pass(this.#nowMs);
  }

  /** Hands on the rest. */
  passAll(): void {
    this.#events.pass(Number.POSITIVE_INFINITY);
  }

  /** The jobs that run, ours first. */
  running(): ReturnType<Run["jobs"]["list"]> {
    const { worker, host } = this.#parts;
    const own = worker?.jobs.list() ?? [];
    const here = own.map((job) => ({ ...job, lane: this.#lanes.of(host, Number(job.lane.slice(1))) }));
    const elsewhere = this.#elsewhere
      .filter((job) => !own.some(({ pid, seq }) => pid === job.pid && seq === job.seq))
      .map(({ seq, host, slot, pid, command, ms }) => ({ seq, lane: this.#lanes.of(host, slot), pid, command, ms }));
    return [...here, ...elsewhere];
  }

  /** Ms since the batch was opened, as the database counts them. */
  get #nowMs(): number {
    return nowMs() - this.#originMs;
  }
}
