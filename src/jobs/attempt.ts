/**
 * One try of one job, from spawn to the end of its whole process group. Ends exactly once, and tells so exactly once. A
 * job that is to stop is asked (SIGTERM) and then, after a grace, made to (SIGKILL), with everything it started; it has
 * ended when nothing of its group is left, nor what has left the group, not when its first process is gone.
 */
import { constants } from "node:os";
import { errnoCode } from "../errors.ts";
import { givenStdio } from "../os/descriptors.ts";
import { spawnable } from "../os/exec/spawnable.ts";
import { keepIgnored } from "../os/signals.ts";
import { signalTarget } from "../process/guard/groups.ts";
import type { Guard } from "../process/guard/guard.ts";
import { JobGroup } from "../process/guard/job-group.ts";
import { processesMarked } from "../process/guard/marked.ts";
import { nowMs } from "../recording/clock.ts";
import type { Capture, Captured } from "./output/capture.ts";

/** Between SIGTERM and SIGKILL, ms. */
export const GRACE_MS = 2_000;
/** How often it is looked whether a group that was told to end has ended, ms. */
const POLL_MS = 20;
/** Processes that SIGKILL does not end (a hung disk) are given up after this, ms. */
const GIVE_UP_MS = 2_000;

/** What a job reads: nothing, lanes' own stdin, or an open file. */
export type JobInput = "ignore" | "inherit" | number;

export interface AttemptOptions {
  readonly argv: string[];
  readonly env: Record<string, string | undefined>;
  /** What the job's processes carry in their environment. */
  readonly mark: string;
  readonly guard: Guard;
  readonly capture: Capture;
  readonly input: JobInput;
  /** It gets lanes' own terminal and process group. */
  readonly tty: boolean;
}

/** How it ended. */
export interface Ending {
  readonly exitCode: number | null;
  /** Its name; of a real-time signal, which has none, `SIG` and its number. */
  readonly signal: string | null;
  readonly runtimeMs: number;
  /** User and system time, ms; peak resident memory, KiB, of the job and what it waited for. */
  readonly cpuMs: number;
  readonly maxRssKb: number;
  readonly captured: Captured;
}

export class Attempt {
  readonly pid: number;
  readonly startedMs: number;
  /** Time it was stopped by Ctrl-Z, ms. */
  pausedMs = 0;
  /** Why it was made to end, if it was. */
  stopReason: "timeout" | "stop" | "memory" | null = null;
  /** Nothing of it is to be stopped any more; what it wrote may still be on its way. */
  over = false;
  readonly group: JobGroup;
  readonly #child: Bun.Subprocess;
  readonly #onEnd: (ending: Ending) => void;
  readonly capture: Capture;
  readonly #mark: string;
  #begun = false;
  #killTimer: ReturnType<typeof setTimeout> | null = null;
  #killedMs: number | null = null;

  /** @throws what the system says if it cannot be started; then nothing is left of it. */
  constructor(options: AttemptOptions, onEnd: (ending: Ending) => void) {
    const { capture, guard, mark, tty } = options;
    this.#onEnd = onEnd;
    this.#mark = mark;
    this.capture = capture;
    this.startedMs = nowMs();
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

  /** Makes it end: SIGTERM, and SIGKILL after the grace. */
  stop(reason: "timeout" | "stop" | "memory"): void {
    if (this.over) return;
    this.stopReason ??= reason;
    this.group.signal("SIGTERM");
    this.group.signal("SIGCONT"); // a stopped process cannot heed SIGTERM
    this.#killTimer ??= setTimeout(() => this.kill(), GRACE_MS);
  }

  /** Ends it at once. */
  kill(): void {
    if (!this.over) this.stopReason ??= "stop";
    this.#killedMs ??= nowMs();
    this.group.signal("SIGKILL");
  }

  #spawn({ argv, env, capture, input, tty }: AttemptOptions): Bun.Subprocess {
    const [out, err] = capture.stdio;
    const options = {
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
  #ended(exitCode: number | null, signal: string | null): void {
    const runtimeMs = nowMs() - this.startedMs - this.pausedMs;
    const tell = (captured: Captured) => {
      if (captured.left) this.stopReason = "stop"; // whatever the reason was before: it has to be run again
      const usage = this.#child.resourceUsage();
      this.#onEnd({
        exitCode,
        signal,
        runtimeMs,
        cpuMs: Number(usage?.cpuTime.total ?? 0) / 1e3,
        maxRssKb: Math.round((usage?.maxRSS ?? 0) / 1024),
        captured,
      });
    };
    const finish = () => {
      this.over = true;
      if (this.#killTimer !== null) clearTimeout(this.#killTimer);
      const captured = this.capture.end();
      if (captured instanceof Promise) void captured.then(tell);
      else tell(captured);
    };
    if (this.stopReason === null) finish();
    else void this.#untilAllEnd().then(finish);
  }

  /** Resolves when nothing of a job that was told to end runs any more. */
  async #untilAllEnd(): Promise<void> {
    while (this.group.running && !this.#givenUp) await Bun.sleep(POLL_MS);
    // What has left the group (setsid, a daemon) is asked last: what is in it may have ended it in good order.
    let askedMs: number | null = null;
    for (
      let left = processesMarked(this.#mark);
      left.length > 0 && !this.#givenUp;
      left = processesMarked(this.#mark)
    ) {
      if (askedMs !== null && nowMs() - askedMs > GRACE_MS) this.#killedMs ??= nowMs();
      if (this.#killedMs !== null) signalEach(left, "SIGKILL");
      else if (askedMs === null) {
        askedMs = nowMs();
        signalEach(left, "SIGTERM");
        signalEach(left, "SIGCONT");
      }
      await Bun.sleep(POLL_MS);
    }
  }

  get #givenUp(): boolean {
    return this.#killedMs !== null && nowMs() - this.#killedMs >= GIVE_UP_MS;
  }
}

function signalEach(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) signalTarget(pid, signal);
}

/** The number of a signal. */
export function signalNumber(signal: string | null): number {
  if (signal === null) return 0;
  return constants.signals[signal as NodeJS.Signals] ?? Number(/^SIG(\d+)$/.exec(signal)?.[1] ?? 0);
}
