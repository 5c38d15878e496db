/** Jobs that have ended somewhere, as results of this run: what they wrote is fetched into files of ours. */
import { LanesError } from "../../errors.ts";
import type { Template } from "../../jobs/input/template.ts";
import type { Captured } from "../../jobs/output/capture.ts";
import { tailOf } from "../../jobs/output/capture.ts";
import { ownFile, writeWhole } from "../../jobs/output/files.ts";
import type { Kept, Stored } from "../../jobs/output/outlet.ts";
import type { ResultFolders } from "../../jobs/output/result-folders.ts";
import type { JobResult } from "../../jobs/result.ts";
import { openTempFile } from "../../os/files/tempfile.ts";
import type { EndedJob } from "../jobs/collect-statements.ts";
import { unpackTexts } from "../jobs/payload.ts";
import type { TryResult } from "../jobs/worker-statements.ts";
import type { Collection } from "./collection.ts";
import { outputOf } from "./outputs.ts";

/** Where and as what a job ran. */
export interface Ran {
  readonly result: JobResult;
  readonly host: string;
  readonly slot: number;
  readonly pid: number;
  readonly ppid: number;
  readonly endedMs: number;
  /** Tries that failed before. */
  readonly retried: number;
}

/** What is known of the jobs, and where what they wrote is put. */
export interface FetchOptions {
  readonly template: Template;
  /** `--results`: a folder for each job; null: files without a name. */
  readonly results: ResultFolders | null;
}

/** Fetches what a group of jobs wrote. @throws as {@link outputOf}: then nothing is kept. */
export async function fetchGroup(
  collection: Collection,
  source: FetchOptions,
  jobs: readonly EndedJob[],
): Promise<Ran[]> {
  const writers = new Map(jobs.map((job) => [job.seq, new Writer(source, job)]));
  const spool = source.results === null ? new Spool() : null;
  try {
    for await (const { seq, stream, data } of outputOf(collection, jobs)) writers.get(seq)?.write(stream, data, spool);
  } catch (error) {
    for (const writer of writers.values()) writer.drop();
    spool?.release();
    throw error;
  }
  const ran = jobs.map((job) => ranOf(source, job, writers.get(job.seq)?.end()));
  spool?.release();
  return ran;
}

function ranOf(
  { template }: FetchOptions,
  job: EndedJob,
  written: Captured["written"] = { out: null, err: null },
): Ran {
  const { seq, attempt, failed, failures, endedMs } = job;
  const values = unpackTexts(job.payload);
  const given: Partial<TryResult> = "lost" in job.result ? {} : job.result;
  const lost = "lost" in job.result ? job.result : undefined;
  const { slot = 1, host = lost?.owner?.host ?? "", pid = 0, ppid = lost?.owner?.pid ?? 0, ms = 0 } = given;
  const told = given.notice == null ? null : { message: given.notice };
  const notice = lost === undefined ? told : new LanesError("farm.job.lost", { seq, n: lost.lost });
  return {
    ...{ host, slot, pid, ppid, endedMs, retried: Math.max(0, failures - Number(failed)) },
    result: {
      job: { seq, values, attempt },
      command: template.compose({ seq, slot, values }).text,
      code: lost === undefined ? (given.code ?? null) : 1,
      signal: given.signal ?? null,
      timedOut: given.timedOut ?? false,
      stopped: false,
      failed,
      startMs: endedMs - ms,
      ms,
      cpuMs: given.cpuMs ?? 0,
      maxRssKb: given.maxRssKb ?? 0,
      output: { written, received: given.received ?? 0, tail: tailOf(written.err) },
      notice,
      host,
      lost: lost !== undefined,
    },
  };
}

/** One file for what many jobs wrote; gone when the last of it is. */
class Spool implements Kept {
  readonly fd = openTempFile("append");
  readonly #file = ownFile(this.fd);
  #users = 1;
  size = 0;

  add(bytes: Uint8Array): void {
    writeWhole(this.fd, bytes);
    this.size += bytes.length;
  }

  keep(): void {
    this.#users += 1;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#file.release();
  }
}

/** The streams of one job: parts come in order, one stream after the other. */
class Writer {
  readonly #own: { readonly folder: string; readonly out: number; readonly err: number } | null;
  readonly #stored: { out: Stored | null; err: Stored | null } = { out: null, err: null };

  constructor({ results }: FetchOptions, { seq, payload }: EndedJob) {
    this.#own = results?.open(seq, unpackTexts(payload)) ?? null;
  }

  write(stream: 1 | 2, bytes: Uint8Array, spool: Spool | null): void {
    const name = stream === 1 ? "out" : "err";
    const before = this.#stored[name];
    if (this.#own !== null) {
      const file = before?.file ?? ownFile(this.#own[name]);
      writeWhole(file.fd, bytes, this.#own.folder);
      this.#stored[name] = { file, start: 0, end: (before?.end ?? 0) + bytes.length };
    } else if (spool !== null) {
      if (before === null) spool.keep();
      const start = before?.start ?? spool.size;
      spool.add(bytes);
      this.#stored[name] = { file: spool, start, end: spool.size };
    }
  }

  /** What was written; a file of its own that is empty is closed. */
  end(): Captured["written"] {
    for (const name of ["out", "err"] as const) {
      if (this.#own !== null && this.#stored[name] === null) ownFile(this.#own[name]).release();
    }
    return this.#stored;
  }

  drop(): void {
    const { out, err } = this.end();
    out?.file.release();
    err?.file.release();
  }
}
