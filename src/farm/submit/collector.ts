/**
 * The results of a run's batch on their way out: jobs that have ended are looked for, what they wrote is fetched and passed on, and when
 * that is out here the database is told that they have been taken.
 */

import type { Template } from "../../jobs/input/template.ts";
import type { Delivery } from "../../jobs/output/delivery.ts";
import type { ResultFolders } from "../../jobs/output/result-folders.ts";
import type { Collection, JobWindow } from "./collection.ts";
import { groupsOf } from "./outputs.ts";
import { fetchGroup, type Ran } from "./results.ts";

export interface CollectorParts {
  readonly collection: Collection;
  readonly template: Template;
  readonly results: ResultFolders | null;
  /** @param onOut is to be told of each job whose output is out. */
  readonly delivery: (onOut: (seq: number) => void) => Delivery;
  /** A job has ended; its output comes after this. */
  readonly ran: (ran: Ran) => void;
}

/** In the order of the input: jobs that may have to wait here for the one whose turn it is. */
const WINDOW = 2_000;

export class Collector {
  readonly delivery: Delivery;
  /** There are jobs whose turn never comes: what has ended is passed on, whatever came before it in the input. */
  gaps = false;
  readonly #parts: CollectorParts;
  /** Passed on, and not yet taken; those of them that are out. */
  readonly #passed = new Set<number>();
  #out: number[] = [];

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.delivery = parts.delivery((seq) => {
      if (!this.#passed.has(seq)) return;
      this.#out.push(seq);
      parts.collection.bell.ring();
    });
  }

  /** How many are on their way out: for the database they have ended, and nobody has taken them. */
  get passing(): number {
    return this.#passed.size;
  }

  /** Passes on what has ended. @returns how many jobs. @throws LanesError if it is another's by now. */
  async pass(): Promise<number> {
    const { collection, template, results, ran } = this.#parts;
    const jobs = await collection.ended(this.#passed, this.#window);
    for (const group of groupsOf(jobs)) {
      for (const one of await fetchGroup(collection, { template, results }, group)) {
        this.#passed.add(one.result.job.seq);
        ran(one);
        this.delivery.deliver(one.result);
      }
      await this.take();
    }
    await this.take();
    return jobs.length;
  }

  /** What is out can be forgotten by the database. @throws LanesError if it is another's by now. */
  async take(): Promise<void> {
    const seqs = this.#out.splice(0);
    await this.#parts.collection.take(seqs);
    for (const seq of seqs) this.#passed.delete(seq);
  }

  get #window(): JobWindow | null {
    const { turn } = this.delivery;
    return turn === null || this.gaps ? null : { above: turn - 1, upTo: turn + WINDOW };
  }
}
