/**
 * The results of a batch on their way out: jobs that have ended are looked for, what they wrote is fetched and passed on, and when that
 * is out here the database is told that they have been taken.
 */

import type { Template } from "../../jobs/input/template.ts";
import type { Delivery } from "../../jobs/output/delivery.ts";
import type { Results } from "../../jobs/output/results.ts";
import { nowMs } from "../../recording/clock.ts";
import type { Connection } from "../connection.ts";
import { type EndedJob, endedJobs, takeJobs } from "../jobs/batch-statements.ts";
import type { Patience } from "./patience.ts";
import { fetchGroup, groupsOf, type Ran } from "./results.ts";

export interface CollectorParts {
  readonly connection: Connection;
  readonly patience: Patience;
  /** The batch's number, and what whoever takes its results goes by. */
  readonly batch: { readonly id: number; readonly token: string };
  readonly template: Template;
  readonly results: Results | null;
  /** @param onOut is to be told of each job whose output is out. */
  readonly delivery: (onOut: (seq: number) => void) => Delivery;
  /** A job has ended; its output comes after this. */
  readonly ran: (ran: Ran) => void;
}

/** Fetched with one question: jobs. */
const MOST = 500;
/** In the order of the input: jobs that may have to wait here for the one whose turn it is. */
const WINDOW = 2_000;
/** Jobs behind the low-water mark are looked for so often, ms. */
const FROM_START_MS = 3_000;

export class Collector {
  readonly delivery: Delivery;
  /** Jobs whose results the database has forgotten. */
  taken = 0;
  /** There are jobs whose turn never comes: what has ended is passed on, whatever came before it in the input. */
  gaps = false;
  readonly #parts: CollectorParts;
  /** Passed on, and not yet taken; those of them that are out. */
  readonly #passed = new Set<number>();
  #out: number[] = [];
  #low = 0;
  #lowMs = Number.NEGATIVE_INFINITY;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.delivery = parts.delivery((seq) => {
      if (this.#passed.has(seq)) this.#out.push(seq);
    });
  }

  /** How many are on their way out: for the database they have ended, and nobody has taken them. */
  get passing(): number {
    return this.#passed.size;
  }

  /** Passes on what has ended. @returns how many jobs; null: somebody else takes the results by now, or the batch is gone. */
  async pass(): Promise<number | null> {
    const { patience, connection, batch, template, results, ran } = this.#parts;
    const jobs = await patience.again(() => this.#ended());
    for (const group of groupsOf(jobs)) {
      const fetched = await patience.again(() => fetchGroup({ connection, batch: batch.id, template, results }, group));
      for (const one of fetched) {
        this.#passed.add(one.result.job.seq);
        ran(one);
        this.delivery.deliver(one.result);
      }
      if (!(await this.take())) return null;
    }
    return (await this.take()) ? jobs.length : null;
  }

  /** What is out can be forgotten by the database. @returns false: see {@link pass}. */
  async take(): Promise<boolean> {
    const { patience, connection, batch } = this.#parts;
    const seqs = this.#out.splice(0);
    if (seqs.length === 0) return true;
    const ours = await patience.again(() => takeJobs(connection, batch.id, batch.token, seqs));
    if (!ours) return false;
    for (const seq of seqs) this.#passed.delete(seq);
    this.taken += seqs.length;
    return true;
  }

  async #ended(): Promise<EndedJob[]> {
    const { connection, batch } = this.#parts;
    const { turn } = this.delivery;
    const but = [...this.#passed];
    if (turn !== null && !this.gaps) {
      return endedJobs(connection, batch.id, { above: turn - 1, upTo: turn + WINDOW, but, most: MOST });
    }
    if (nowMs() - this.#lowMs > FROM_START_MS) {
      this.#low = 0;
      this.#lowMs = nowMs();
    }
    const upTo = Number.MAX_SAFE_INTEGER;
    let jobs = await endedJobs(connection, batch.id, { above: this.#low, upTo, but, most: MOST });
    if (jobs.length === 0 && this.#low > 0) {
      this.#low = 0;
      jobs = await endedJobs(connection, batch.id, { above: 0, upTo, but, most: MOST });
    }
    if (jobs[0] !== undefined) this.#low = jobs[0].seq - 1;
    return jobs;
  }
}
