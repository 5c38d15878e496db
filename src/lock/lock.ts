/** Taking the lock: at once, or after a wait. */
import { ExitCode, LanesError, usageError } from "../errors.ts";
import { givenArguments } from "../os/bytes/bytes.ts";
import { LockHandle } from "./handle.ts";
import { isOurs } from "./held-locks.ts";
import { notOurs } from "./lock-errors.ts";
import { attempt, attemptOnce, emptyGlanceMs, type HeldLock, type LockClaim } from "./lockfile.ts";
import type { OwnerRecord } from "./owner.ts";
import { absolute } from "./path.ts";
import type { Peek } from "./reading.ts";
import { sys } from "./system/sys.ts";
import { hasLine, leaveNoTrace, turnstileOf } from "./wait/turnstile.ts";

/** What is needed only where the lock is not free: most are, and each file that is loaded is felt at a start. */
const peek = (file: string): Peek => (require("./reading.ts") as typeof import("./reading.ts")).peek(file);
const block = () => require("./wait/block.ts") as typeof import("./wait/block.ts");

/** A timer cannot be longer: 24 days, as good as for ever. */
const LONG_MS = 1_000;
const longestTimerMs = 2 ** 31 - 1;

/** How to take a lock. */
export interface LockOptions {
  /** What the record says is being done; default: this process's command line. */
  readonly command?: readonly string[];
  /** The child that is going to be named in the record inherits the descriptor, and so keeps the lock if this process is killed. */
  readonly inherit?: boolean;
  /** Leave the file there after release, as a tombstone. Default: remove it. */
  readonly keep?: boolean;
}

/** How to take a lock, and how long to wait for it. */
export interface LockWaitOptions extends LockOptions {
  /** The most to wait, in ms; 0: not at all; undefined: for ever. */
  readonly wait?: number | undefined;
  /** Aborting it ends the wait, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when it turns out that there is somebody to wait for; null if nobody knows whom. */
  readonly onWait?: ((owner: OwnerRecord | null) => void) | undefined;
  /** Called once, when the wait has taken a second, with who holds it then. */
  readonly onLongWait?: ((owner: OwnerRecord | null) => void) | undefined;
  /** Called once, as soon as it is seen that what is at the path is not lanes' own: nobody is going to release it. */
  readonly onForeign?: (() => void) | undefined;
}

/**
 * Takes the lock, and waits for it if need be: woken by the kernel, in the order of asking. A wait does not keep the process
 * alive. @throws LanesError (exit code 75) when `wait` is over, the signal's reason when it is aborted, LanesError (exit code 2)
 * when there can be no lock at this path, or when it is this process, or one that started it, that holds it.
 */
export async function lock(path: string, options: LockWaitOptions = {}): Promise<LockHandle> {
  options.signal?.throwIfAborted();
  const { wait, signal } = options;
  const request = ask(path, options);
  if (request instanceof LockHandle) return request;
  signal?.throwIfAborted();

  const { file, claim, startMs } = request;
  const { waitOnThread } = await import("./wait/threads.ts");
  signal?.throwIfAborted();
  const waiting = waitOnThread(file, claim);
  const timer = wait === undefined || wait > longestTimerMs ? undefined : setTimeout(waiting.cancel, wait).unref();
  const long = setTimeout(() => options.onLongWait?.(peek(file).owner), LONG_MS).unref();
  signal?.addEventListener("abort", waiting.cancel);
  try {
    const held = await waiting.result;
    if (held !== undefined) return new LockHandle(file, held, performance.now() - startMs, options);
    signal?.throwIfAborted();
    const found = peek(file);
    const last = found.kind === "empty" ? attemptAtOnce(file, claim) : undefined;
    if (last !== undefined) return new LockHandle(file, last, performance.now() - startMs, options);
    throw notAcquired(file, wait ?? 0, found);
  } finally {
    clearTimeout(timer);
    clearTimeout(long);
    signal?.removeEventListener("abort", waiting.cancel);
  }
}

/** As {@link lock}, but blocks the main thread, to be called from nowhere else: see block.ts for what that means. */
export function lockBlocking(path: string, options: Omit<LockWaitOptions, "signal"> = {}): LockHandle {
  const request = ask(path, options);
  if (request instanceof LockHandle) return request;
  const { file, claim, startMs, foreign } = request;
  const inTime = block().waitBlocked(file, claim, options.wait, foreign, () => options.onLongWait?.(peek(file).owner));
  const held = inTime ?? (hasLine(turnstileOf(file)) ? undefined : attemptAtOnce(file, claim));
  if (held === undefined) throw notAcquired(file, options.wait ?? 0, peek(file));
  return new LockHandle(file, held, performance.now() - startMs, options);
}

/** What a lock has to be waited for with. */
interface Acquisition {
  readonly file: string;
  readonly claim: LockClaim;
  readonly startMs: number;
  /** Says so, the first time, if it turns out that the file is not lanes' own. */
  readonly foreign: () => void;
}

/** Takes the lock at once, or says that it is going to wait. @throws LanesError if there is nothing to wait for. */
function ask(path: string, options: LockWaitOptions): LockHandle | Acquisition {
  const startMs = performance.now();
  const file = absolute(path);
  const claim = newClaim(options);
  // Who does not wait does not queue either: a line that only the stopped stand in must not keep anybody out.
  const atOnce = options.wait === 0 ? attemptAtOnce(file, claim) : attemptInTurn(file, claim);
  if (atOnce !== undefined) return new LockHandle(file, atOnce, performance.now() - startMs, options);

  const found = peek(file);
  refuseTwice(file, found.owner);
  if (options.wait === 0) throw notAcquired(file, 0, found);
  let told = false;
  const foreign = () => {
    if (!told) options.onForeign?.();
    told = true;
  };
  if (found.kind === "foreign") foreign();
  options.onWait?.(found.owner);
  leaveNoTrace(turnstileOf(file));
  return { file, claim, startMs, foreign };
}

/** Takes the lock if it is free this moment, else null. @throws LanesError as {@link lock} does, but never for a wait. */
export function tryLock(path: string, options: LockOptions = {}): LockHandle | null {
  const startMs = performance.now();
  const file = absolute(path);
  const outcome = attemptAtOnce(file, newClaim(options));
  if (outcome !== undefined) return new LockHandle(file, outcome, performance.now() - startMs, options);
  refuseTwice(file, peek(file).owner);
  return null;
}

const newClaim = (options: LockOptions): LockClaim => ({
  command: options.command ?? commandLine(),
  token: crypto.randomUUID(),
  inherit: options.inherit ?? false,
});

/** How this process was started. In the executable, process.argv begins with "bun" and a name that exists only in there. */
const commandLine = () => (Bun.isStandaloneExecutable ? [process.execPath, ...givenArguments()] : process.argv);

/** One attempt, if nobody is before us. */
function attemptInTurn(file: string, claim: LockClaim): HeldLock | undefined {
  return hasLine(turnstileOf(file)) ? undefined : attemptOnce(file, claim);
}

/**
 * One attempt that is not to be followed by a wait: an empty file is looked at for a moment, then taken.
 * @throws LanesError if it is free, but not ours to write.
 */
function attemptAtOnce(file: string, claim: LockClaim): HeldLock | undefined {
  let seenMs = 0;
  for (let lookMs = 0.1; ; lookMs = Math.min(2 * lookMs, emptyGlanceMs / 4)) {
    const outcome = attempt(file, claim, seenMs < emptyGlanceMs ? 0 : Number.POSITIVE_INFINITY);
    if (outcome.state === "held") return outcome;
    if (outcome.state === "busy") sys().close(outcome.opened.fd);
    else if (outcome.why === "readonly") throw notOurs(file);
    if (outcome.state === "busy" || outcome.why !== "empty") return undefined;
    Bun.sleepSync(lookMs);
    seenMs += lookMs;
  }
}

function refuseTwice(file: string, holder: OwnerRecord | null): void {
  if (holder !== null && isOurs(holder.token)) throw usageError("lock.twice", { path: file, pid: holder.pid });
}

function notAcquired(path: string, waitMs: number, { kind, owner: holder }: Peek): LanesError {
  const options = { exitCode: ExitCode.notAcquired };
  const seconds = waitMs / 1000;
  if (kind === "foreign") {
    return waitMs === 0
      ? new LanesError("lock.foreignBusy", { path }, options)
      : new LanesError("lock.foreignTimeout", { path, seconds }, options);
  }
  if (holder === null) {
    return waitMs === 0
      ? new LanesError("lock.busyUnknown", { path }, options)
      : new LanesError("lock.timeoutUnknown", { path, seconds }, options);
  }
  const who = { path, pid: holder.pid, host: holder.host, command: holder.command.join(" ") };
  return waitMs === 0
    ? new LanesError("lock.busy", who, options)
    : new LanesError("lock.timeout", { ...who, seconds }, options);
}
