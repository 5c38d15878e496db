/**
 * One try of one job, from spawn to the end of its whole process group. Ends exactly once, and tells so exactly once. A
 * job that is to stop is asked (SIGTERM) and then, after a grace, made to (SIGKILL), with everything it started; it has
 * ended when nothing of its group is left, nor what has left the group, not when its first process is gone.
 */
import { errnoCode } from "../errors.ts";
import { spawnable } from "../os/exec/spawnable.ts";
import { givenStdio } from "../os/files/descriptors.ts";
import { keepIgnored } from "../os/signals.ts";
import type { Guard } from "../process/guard/guard.ts";
import { JobGroup } from "../process/guard/job-group.ts";
import { endMarked } from "../process/guard/marked.ts";
import { nowMs } from "../recording/clock.ts";
import type { JobSpec } from "./input/feed.ts";
import type { JobCommand } from "./input/template.ts";
import type { Capture, Captured } from "./output/capture.ts";
import type { JobResult } from "./result.ts";

/** Between SIGTERM and SIGKILL, ms. */
export const JOB_GRACE_MS = 2_000;
/** How often it is looked whether a group that was told to end has ended, ms. */
const POLL_MS = 20;
/** Processes that SIGKILL does not end (a hung disk) are given up after this, ms. */
const GIVE_UP_MS = 2_000;

/** What a job reads: nothing, lanes' own stdin, or an open file. */
export type JobInput = "ignore" | "inherit" | number;

export interface AttemptOptions {
  readonly job: JobSpec;
  readonly slot: number;
  readonly command: JobCommand;
  readonly env: Record<string, string | undefined>;
  /** Where it runs; undefined: where lanes does. */
  readonly folder?: string | undefined;
  /** What the job's processes carry in their environment. */
  readonly mark: string;
  readonly guard: Guard;
  readonly capture: Capture;
  readonly input: JobInput;
  /** It gets lanes' own terminal and process group. */
  readonly tty: boolean;
}

/** What made it end, if it did not end by itself. */
type AttemptStopReason = "timeout" | "stop" | "memory";

/** Told when it has ended, whole. */
export type OnEnd = (attempt: Attempt, result: JobResult) => void;

export class Attempt {
  readonly job: JobSpec;
  readonly slot: number;
  /** As a shell would read it. */
  readonly command: string;
  readonly pid: number;
  readonly group: JobGroup;
  readonly #startedMs: number;
  readonly #child: Bun.Subprocess;
  readonly #onEnd: OnEnd;
  readonly capture: Capture;
  readonly #mark: string;
  /** Time it was stopped by Ctrl-Z, ms. */
  #pausedMs = 0;
  #stopReason: AttemptStopReason | null = null;
  /** Nothing of it is to be stopped any more; what it wrote may still be on its way. */
  #over = false;
  #begun = false;
  #killTimer: ReturnType<typeof setTimeout> | null = null;
  #killedMs: number | null = null;

  /** @throws what the system says if it cannot be started; then nothing is left of it. */
  constructor(options: AttemptOptions, onEnd: OnEnd) {
    const { job, slot, command, capture, guard, mark, tty } = options;
    this.job = job;
    this.slot = slot;
    this.command = command.text;
    this.#onEnd = onEnd;
    this.#mark = mark;
    this.capture = capture;
    this.#startedMs = nowMs();
    let group: JobGroup | null = null;
    try {
      group = new JobGroup(guard, mark); // the first one starts the guard
      this.#child = this.#spawn(options);
    } catch (error) {
      group?.release();
      capture.drop();
      throw error;
    }
    this.group = group;
    this.pid = this.#child.pid;
    this.group.started(this.pid, !tty);
    capture.begin(this.#child);
    this.#begun = true;
  }

  /** How long it has run so far, ms. */
  get elapsedMs(): number {
    return nowMs() - this.#startedMs - this.#pausedMs;
  }

  /** Whether it runs, and nothing has been done to end it. */
  get isLeftAlone(): boolean {
    return !this.#over && this.#stopReason === null;
  }

  /** Whether it has ended; what it wrote may still be on its way. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Makes it end: SIGTERM, and SIGKILL after the grace. */
  stop(reason: AttemptStopReason): void {
    if (this.#over) return;
    this.#stopReason ??= reason;
    this.group.signal("SIGTERM");
    this.group.signal("SIGCONT"); // a stopped process cannot heed SIGTERM
    this.#killTimer ??= setTimeout(() => this.kill(), JOB_GRACE_MS);
  }

  /** Ends it at once. */
  kill(): void {
    if (!this.#over) this.#stopReason ??= "stop";
    this.#killedMs ??= nowMs();
    this.group.signal("SIGKILL");
  }

  /** Stops it where it is, as Ctrl-Z does. */
  suspend(): void {
    this.group.signal("SIGSTOP");
  }

  /** Lets it go on. @param pausedMs how long it was suspended: it is not charged for that. */
  resume(pausedMs: number): void {
    this.#pausedMs += pausedMs;
    this.group.signal("SIGCONT");
  }

  #spawn({ command, env, folder, capture, input, tty }: AttemptOptions): Bun.Subprocess {
    const { argv } = command;
    const [out, err] = capture.stdio;
    const options = {
      ...(folder === undefined ? {} : { cwd: folder }),
      detached: !tty,
      stdio: [input, out, err, ...givenStdio()] as [JobInput, typeof out, typeof err, ...(number | "ignore")[]],
      onExit: (_child: unknown, code: number | null, signal: NodeJS.Signals | number | null) => {
        const ended = () => this.#ended(code, typeof signal === "number" ? `SIG${signal}` : signal);
        if (this.#begun) ended();
        else queueMicrotask(ended); // spawn has not returned yet
      },
    };
    const words = spawnable(keepIgnored(argv, env), env, options.stdio);
    try {
      return Bun.spawn(words.cmd, { ...options, env: words.env });
    } catch (error) {
      // A script without #! is the shell's to run, as execvp(3) says.
      if (errnoCode(error) !== "ENOEXEC") throw error;
      return Bun.spawn(["/bin/sh", Bun.which(argv[0] ?? "", { PATH: env.PATH ?? "" }) ?? "", ...argv.slice(1)], {
        ...options,
        env,
      });
    }
  }

  /** The first process has ended: at once, if nothing is to be waited for. */
  #ended(code: number | null, signal: string | null): void {
    const ms = this.elapsedMs;
    const tell = (output: Captured) => {
      const usage = this.#child.resourceUsage();
      const timedOut = this.#stopReason === "timeout" && !output.left;
      const { job, command } = this;
      this.#onEnd(this, {
        ...{ job, command, code, signal, timedOut },
        // What nobody has read has to be run again, whatever ended it.
        stopped: output.left === true || this.#stopReason === "stop" || this.#stopReason === "memory",
        failed: timedOut || code !== 0 || output.problem !== undefined,
        startMs: this.#startedMs,
        ms,
        cpuMs: Number(usage?.cpuTime.total ?? 0) / 1e3,
        maxRssKb: Math.round((usage?.maxRSS ?? 0) / 1024),
        output,
        notice: output.problem ?? null,
      });
    };
    const finish = () => {
      this.#over = true;
      if (this.#killTimer !== null) clearTimeout(this.#killTimer);
      const captured = this.capture.end();
      if (captured instanceof Promise) void captured.then(tell);
      else tell(captured);
    };
    if (this.#stopReason === null) finish();
    else void this.#untilAllEnd().then(finish);
  }

  /** Resolves when nothing of a job that was told to end runs any more. */
  async #untilAllEnd(): Promise<void> {
    while (this.group.running && !this.#givenUp) await Bun.sleep(POLL_MS);
    if (this.#givenUp) return;
    await endMarked(this.#mark, {
      graceMs: JOB_GRACE_MS,
      giveUpMs: GIVE_UP_MS,
      isHurried: () => this.#killedMs !== null,
    });
  }

  get #givenUp(): boolean {
    return this.#killedMs !== null && nowMs() - this.#killedMs >= GIVE_UP_MS;
  }
}
