/** What a pool's items come to, gathered by the rows they came in. */

import type { Counts } from "../../pool/histogram.ts";
import type { Answers } from "../../pool/index.ts";
import type { ChunkStats } from "../../pool/worker/runner.ts";
import type { ItemFailure } from "../../recording/results/map-result.ts";
import type { Row } from "../jobs/payload.ts";

/** A chunk of a row, done by one worker process. */
export interface RowChunk {
  /** Of the pool's workers which one, from 1. */
  readonly worker: number;
  readonly pid: number;
  readonly first: number;
  readonly count: number;
  /** How long before the row's end it was done, ms; and how long it took. */
  readonly agoMs: number;
  readonly ms: number;
  readonly blank: number;
  readonly times: Counts;
}

/** What a row came to, beside its items' output. */
export interface RowReport {
  /** Of each piece of the output: its first item, how many, how many bytes; -1: a failure without output. */
  readonly pieces: readonly (readonly [first: number, count: number, bytes: number])[];
  readonly failures: readonly ItemFailure[];
  readonly chunks: readonly RowChunk[];
  /** What user code printed meanwhile: on which worker, a line. */
  readonly said: readonly (readonly [worker: number, text: string])[];
  readonly retried: number;
}

/** After its last item what is known of how long it took may be a moment in coming, ms … */
const STATS_MS = 20;
/** … and so may what it printed, which comes by another way: it is there, and has to be read. */
const SAID_MS = 2;
/** Lines kept of what user code prints while one row is done. */
const MOST_SAID = 1_000;

interface Open {
  readonly row: Row;
  readonly pieces: { readonly first: number; readonly count: number; readonly bytes: Uint8Array | null }[];
  readonly failures: ItemFailure[];
  readonly chunks: (Omit<RowChunk, "agoMs"> & { readonly atMs: number })[];
  answered: number;
  measured: number;
  done(report: RowReport, output: readonly Uint8Array[]): void;
}

export class RowAnswers implements Answers {
  readonly next = 0;
  limit = Number.POSITIVE_INFINITY;
  readonly held = 0;
  readonly heldBytes = 0;
  readonly unwanted = 0;
  readonly #open = new Set<Open>();
  #said: [number, string][] = [];
  #retried = 0;

  /** A row is handed in. @param done is told when all its items are answered for. */
  expect(row: Row, done: Open["done"]): void {
    this.#open.add({ row, pieces: [], failures: [], chunks: [], answered: 0, measured: 0, done });
  }

  add(first: number, count: number, bytes: Uint8Array | null): void {
    const open = this.#of(first);
    if (open === undefined) return;
    open.pieces.push({ first, count, bytes });
    open.answered += count;
    if (open.answered < open.row.count) return;
    this.#finishIn(open.measured >= open.row.count ? SAID_MS : STATS_MS, open);
  }

  failed(failure: ItemFailure): void {
    this.#of(failure.index)?.failures.push(failure);
  }

  retried(): void {
    this.#retried += 1;
  }

  said(worker: number, text: string): void {
    if (this.#said.length < MOST_SAID) this.#said.push([worker, text]);
  }

  chunk(worker: number, pid: number, first: number, count: number, { ms, blank, times }: ChunkStats): void {
    const open = this.#of(first);
    if (open === undefined) return;
    open.chunks.push({ worker, pid, first, count, ms, blank, times, atMs: performance.now() });
    open.measured += count;
    if (open.answered >= open.row.count && open.measured >= open.row.count) this.#finishIn(SAID_MS, open);
  }

  finish(): [] {
    return [];
  }

  /** Forgets all that is not answered for. */
  forget(): void {
    this.#open.clear();
  }

  #of(item: number): Open | undefined {
    for (const open of this.#open) {
      if (item >= open.row.first && item < open.row.first + open.row.count) return open;
    }
    return undefined;
  }

  #finishIn(ms: number, open: Open): void {
    setTimeout(() => this.#finish(open), ms);
  }

  #finish(open: Open): void {
    if (!this.#open.delete(open)) return;
    const nowMs = performance.now();
    const pieces = open.pieces.sort((a, b) => a.first - b.first);
    const report: RowReport = {
      pieces: pieces.map(({ first, count, bytes }) => [first, count, bytes?.length ?? -1]),
      failures: open.failures,
      chunks: open.chunks.map(({ atMs, ...chunk }) => ({ ...chunk, agoMs: nowMs - atMs })),
      said: this.#said,
      retried: this.#retried,
    };
    this.#said = [];
    this.#retried = 0;
    open.done(
      report,
      pieces.flatMap(({ bytes }) => (bytes === null ? [] : [bytes])),
    );
  }
}
