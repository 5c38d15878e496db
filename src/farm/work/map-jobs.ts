/** The rows of one batch of `lanes map --on`, done on this machine: by one pool, whose workers stay warm from row to row. */
import { ExitCode } from "../../errors.ts";
import { ownFile, writeWhole } from "../../jobs/output/files.ts";
import type { Stored } from "../../jobs/output/outlet.ts";
import { openTempFile } from "../../os/files/tempfile.ts";
import { MapPool, type ResultSink } from "../../pool/index.ts";
import { nowMs } from "../../recording/clock.ts";
import { type MapSpec, unpackRow } from "../jobs/payload.ts";
import type { Claimed } from "../jobs/worker-statements.ts";
import type { Modules } from "./modules.ts";
import { RowAnswers, type RowReport } from "./row-answers.ts";
import { RowSource } from "./row-source.ts";
import type { Runner, TryOutcome } from "./runner.ts";

/** What a map's rows are done with. */
export interface MapMeans {
  readonly modules: Modules;
  readonly host: string;
  readonly folder: string | undefined;
  readonly workers: number;
  /** The pool cannot go on here: the module does not load, its --init fails. */
  readonly cannot: (error: unknown) => void;
}

/** Nothing goes there: rows are gathered by {@link RowAnswers}. */
export const nowhere: ResultSink = {
  write: () => {},
  full: false,
  closed: false,
  onChange: () => {},
  drained: async () => {},
};

interface Working {
  readonly source: RowSource;
  readonly answers: RowAnswers;
  readonly over: Promise<void>;
  /** Why its rows cannot be done here, although the pool could. */
  trouble: unknown;
  pool: MapPool | null;
  ended: boolean;
}

export class MapJobs implements Runner {
  readonly #begun = new Map<number, (outcome: TryOutcome) => void>();
  #working: Working | null = null;
  /** Pools that are being ended. */
  readonly #ending = new Set<Promise<void>>();

  constructor(
    private readonly spec: MapSpec,
    private readonly means: MapMeans,
  ) {}

  begin({ seq, payload }: Claimed, slot: number, ended: (outcome: TryOutcome) => void): boolean {
    const working = this.#working ?? this.#start();
    this.#working = working;
    const row = unpackRow(payload);
    const beganMs = nowMs();
    this.#begun.set(seq, ended);
    working.answers.expect(row, (report, output) => {
      let outcome: TryOutcome;
      try {
        outcome = this.#outcomeOf(report, output, slot, nowMs() - beganMs);
      } catch (error) {
        this.#cannotGoOn(working, error);
        return;
      }
      this.#begun.delete(seq);
      ended(outcome);
    });
    working.source.add(row);
    return true;
  }

  tick(): void {}

  stop(): void {
    const working = this.#working;
    this.#working = null;
    if (working === null) return;
    working.ended = true;
    this.#ending.add(working.over);
    void working.over.then(() => this.#ending.delete(working.over));
    working.answers.forget();
    working.source.close();
    working.pool?.stop(0);
    this.#giveUp();
  }

  async close(): Promise<void> {
    const working = this.#working;
    this.#working = null;
    working?.source.close();
    await Promise.all([working?.over, ...this.#ending]);
  }

  #start(): Working {
    const source = new RowSource();
    const answers = new RowAnswers();
    const over = Promise.withResolvers<void>();
    const working: Working = { source, answers, over: over.promise, trouble: null, pool: null, ended: false };
    void this.#run(working).then(over.resolve);
    return working;
  }

  async #run(working: Working): Promise<void> {
    const { modules, workers, folder, cannot } = this.means;
    const { source, answers } = working;
    let trouble: unknown = null;
    try {
      const found = await modules.find(this.spec.module);
      if (working.ended) return;
      const options = {
        ...{ ...this.spec.pool, ...found, jobs: workers, ordered: false, chunk: null },
        ...(folder === undefined ? {} : { folder }),
      };
      const number = (lane: string) => Number(lane.slice(1));
      const listener = {
        failed: answers.failed.bind(answers),
        said: (lane: string, text: string) => answers.said(number(lane), text),
        worker: () => {},
        chunk: (lane: { name: string; pid: number }, ...rest: [number, number, Parameters<RowAnswers["chunk"]>[4]]) =>
          answers.chunk(number(lane.name), lane.pid, ...rest),
      };
      const timeline = {
        originMs: nowMs(),
        sink: ({ type }: { type: string }) => {
          if (type === "retry") answers.retried();
        },
      };
      working.pool = new MapPool(options, source, nowhere, listener, timeline, answers);
      await working.pool.run();
      trouble = working.trouble ?? working.pool.error;
    } catch (error) {
      trouble = error;
    }
    if (working.ended || trouble === null) return;
    if (this.#working === working) this.#working = null;
    cannot(trouble);
    this.#giveUp();
  }

  /** There is no room for what comes of a row: others are to do it, and all else that has been begun. */
  #cannotGoOn(working: Working, error: unknown): void {
    working.trouble ??= error;
    working.answers.forget();
    working.source.close();
    working.pool?.stop(0);
  }

  /** What has been begun is not going to be done. */
  #giveUp(): void {
    const begun = [...this.#begun.values()];
    this.#begun.clear();
    queueMicrotask(() => {
      for (const ended of begun) ended(null);
    });
  }

  #outcomeOf(report: RowReport, output: readonly Uint8Array[], slot: number, ms: number): TryOutcome {
    const out = kept(output);
    const err = kept([Buffer.from(JSON.stringify(report))]);
    const failed = report.failures.length > 0;
    return {
      ...{ failed: false, out, err, endedMs: nowMs() },
      result: {
        ...{ exit: failed ? ExitCode.failed : ExitCode.ok, code: 0, signal: null, timedOut: false, ms, cpuMs: 0 },
        ...{ maxRssKb: 0, out: sizeOf(out), err: sizeOf(err), received: sizeOf(out), notice: null },
        ...{ host: this.means.host, slot, pid: process.pid, ppid: process.ppid },
      },
    };
  }
}

const sizeOf = (stored: Stored | null): number => stored?.end ?? 0;

/** Into a file of its own, until the database has it. */
function kept(parts: readonly Uint8Array[]): Stored | null {
  if (parts.length === 0) return null;
  const fd = openTempFile("append");
  const file = ownFile(fd);
  let end = 0;
  try {
    for (const bytes of parts) {
      writeWhole(fd, bytes);
      end += bytes.length;
    }
  } catch (error) {
    file.release();
    throw error;
  }
  return { file, start: 0, end };
}
