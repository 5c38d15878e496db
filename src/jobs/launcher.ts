/** Starting one job: its command, its environment, where its output goes. */
import { errnoCode } from "../errors.ts";
import { temporaryFolder } from "../os/bytes/bytes.ts";
import type { Guard } from "../process/guard/guard.ts";
import { MARK_VARIABLE, outerMarks } from "../process/guard/mark.ts";
import { jobEnvironment } from "../process/reexec.ts";
import { Attempt, type JobInput, type OnEnd } from "./attempt.ts";
import type { JobSpec } from "./input/feed.ts";
import type { JobCommand, Template } from "./input/template.ts";
import { type Capture, captureLines, captureNothing, captureToFiles } from "./output/capture.ts";
import { DiskSpace } from "./output/disk-space.ts";
import { JobFiles, ownFile } from "./output/files.ts";
import type { Outlet } from "./output/outlet.ts";
import type { ResultFolders } from "./output/result-folders.ts";
import { tagOf } from "./output/tagger.ts";
import { Refusal, refusalOf, refuseValues } from "./refusal.ts";

export interface LaunchOptions {
  readonly template: Template;
  readonly guard: Guard;
  readonly results: ResultFolders | null;
  /** `files`: passed on when the job has ended; `tty`: lanes' own terminal; else line by line, to these. */
  readonly capture: "files" | "tty" | LineOutput;
  readonly input: JobInput;
  /** Where jobs run, if not where lanes does. */
  readonly folder?: string;
  /** Variables of all jobs, and of one, beside lanes' own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly envOf?: (job: JobSpec) => Readonly<Record<string, string>>;
}

/** What jobs write is passed on as they write it. */
export interface LineOutput {
  readonly outlets: { readonly out: Outlet; readonly err: Outlet };
  /** Before each line. */
  readonly tag: boolean;
}

/** What came of starting a job. */
export type StartResult =
  | { readonly kind: "running"; readonly attempt: Attempt }
  /** It can never be started: it has failed. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** There was too little of something (processes, descriptors, memory): what the system said, EAGAIN, EMFILE, ENFILE, ENOMEM. */
  | { readonly kind: "short"; readonly code: string; readonly error: Error };

const SHORT = new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"]);

/** Launchers of this process: marks of the jobs of two of them differ. */
let launchers = 0;

export class Launcher {
  readonly #options: LaunchOptions;
  readonly #files = { out: new JobFiles(), err: new JobFiles() };
  readonly #diskSpace = new DiskSpace(temporaryFolder());
  readonly #hurry = new AbortController();
  /** Used for one job after the other: what differs is set before each start. */
  readonly #env: Record<string, string | undefined> = jobEnvironment();
  /** Marks of the jobs of this run. */
  readonly #mark = `${process.pid}-${Date.now().toString(36)}${launchers++ === 0 ? "" : `-${launchers}`}`;
  /** The marks of the job this run is itself. */
  readonly #outerMarks = outerMarks();

  constructor(options: LaunchOptions) {
    this.#options = options;
    // What scripts written for GNU parallel look at.
    this.#env.PARALLEL_PID = String(process.pid);
    Object.assign(this.#env, options.env);
  }

  /** The command of a job. */
  compose(job: JobSpec, slot: number): JobCommand {
    return this.#options.template.compose({ seq: job.seq, slot, values: job.values });
  }

  /** Starts a job. @throws what lanes itself cannot go on after (a full disk, `--results` that cannot be made). */
  start(job: JobSpec, slot: number, command: JobCommand, onEnd: OnEnd): StartResult {
    const { seq, values } = job;
    const refusal =
      refuseValues(values) ??
      (this.#options.template.refuses({ seq, slot, values }) ? new Refusal(126, "run.refused.newline", {}) : null);
    if (refusal !== null) return { kind: "refused", refusal };
    const mark = `${this.#mark}.${job.seq}`;
    const env = this.#env;
    env.PARALLEL_SEQ = `${job.seq}`;
    env.PARALLEL_JOBSLOT = `${slot}`;
    env[MARK_VARIABLE] = this.#outerMarks + mark;
    const { guard, input, capture: mode, folder, envOf } = this.#options;
    if (envOf !== undefined) Object.assign(env, envOf(job));
    try {
      const capture = this.#capture(job, slot);
      const options = { job, slot, command, env, folder, mark, guard, capture, input, tty: mode === "tty" };
      return { kind: "running", attempt: new Attempt(options, onEnd) };
    } catch (error) {
      const code = errnoCode(error) ?? errnoCode((error as Error).cause);
      if (code !== undefined && SHORT.has(code)) return { kind: "short", code, error: error as Error };
      const never = refusalOf(command.argv[0] ?? "", error);
      if (never === null) throw error;
      return { kind: "refused", refusal: never };
    }
  }

  /** The run is being stopped: whoever reads the output is not waited for much longer. */
  hurry(): void {
    this.#hurry.abort();
  }

  #capture(job: JobSpec, slot: number): Capture {
    const { capture, results } = this.#options;
    if (capture === "tty") return captureNothing();
    if (capture !== "files") {
      return captureLines(capture.outlets, capture.tag ? tagOf(job.values) : null, slot, this.#hurry.signal);
    }
    if (results !== null) {
      const { folder, out, err } = results.open(job.seq, job.values);
      return captureToFiles(ownFile(out), ownFile(err), new DiskSpace(folder));
    }
    const out = this.#files.out.take();
    try {
      return captureToFiles(out, this.#files.err.take(), this.#diskSpace);
    } catch (error) {
      out.started();
      out.release();
      throw error;
    }
  }
}
