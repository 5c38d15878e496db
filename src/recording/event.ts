/**
 * What happens in a demo, a run, a map or a program of the user's, as data: one union, and one table it is read by. Emitters (processes, demos, jobs,
 * the pool) produce these, a {@link Recording} keeps them, views and exports draw them; a JSONL stream is the same events, one
 * a line. Others rely on names and fields; a type may be added, and a reader skips those it does not know.
 *
 * To record something else, add a kind to {@link kinds}: its types are then part of the union, and are read.
 */
import {
  anything,
  count,
  type Fields,
  type FieldsOf,
  flag,
  list,
  ms,
  object,
  oneOf,
  optional,
  orNull,
  type Reader,
  text,
  wrong,
} from "./fields.ts";
import { itemError } from "./results/map-result.ts";
import { reason } from "./results/trace-result.ts";

/** The longest name of a lane, characters. */
const MAX_LANE = 100;

const laneName: Reader<string> = (value, name) => {
  const lane = text(value, name);
  return lane === "" || lane.length > MAX_LANE ? wrong(name, value) : lane;
};

/** Where and when: what every event carries. */
export const stamp = {
  /** Ms since the recording's origin, on one clock for all processes. */
  t: ms,
  /** `main`, `P1`, `P2` … */
  lane: laneName,
  pid: count,
  ppid: count,
};

/** How a process ended. */
const exit = { code: orNull(count), signal: orNull(text) };

/** Whether that is a failure. A code that nobody knows is none. */
export const hasFailed = ({ code, signal }: FieldsOf<typeof exit>): boolean => signal !== null || (code ?? 0) !== 0;

const access = { value: anything, round: optional(count) };

/** A demo: each process a lane. */
const demo = {
  /** The parent has created the process of this event's lane (emitted by the parent, stamped with the child's pid). */
  spawn: { name: optional(text) },
  /** The child's first line ran: `pid` and `ppid` are what it reads itself. */
  ready: {},
  /** Its work begins, or goes on after a wait. */
  run: { text: optional(text) },
  say: { text },
  /** Blocked until the process of lane `on` has ended. */
  join: { on: text },
  /** Blocked until `on` (a lock file's name, `barrier`, `timer` …) lets it go on; `owner` is whom it waits for. */
  wait: { on: text, owner: optional(count) },
  /** `fence`: `on` is a lease, and this the number of this acquisition, greater than that of every one before. */
  hold: { on: text, fence: optional(count) },
  release: { on: text },
  /** Of what others may write meanwhile: until its lane writes, it is drawn as "has read, not yet written". Who only looks emits a `say`. */
  read: access,
  /** Where `value` is how many there are now, `put` or `took` says which one came or went. */
  write: { ...access, put: optional(text), took: optional(text) },
  /** What it wanted to write was refused: by its `fence` it is not the last one that got the lease, `newest` is. */
  rejected: { value: anything, fence: count, newest: count },
  /** A signal has stopped it (emitted by whoever saw it from outside, as `continued` is). */
  stopped: { signal: text },
  continued: {},
  /** It has exited, and is kept by the kernel until its parent has asked how (emitted by whoever saw it from outside). */
  zombie: {},
  /**
   * It was not allowed to start another process: by the depth guard, by a limit on their number, or by the system. `depth`:
   * generations above it, and `limit` how many there may be at most; or processes, where `by` is `total`. `text`: the error
   * as it was thrown.
   */
  refused: { by: oneOf("depth", "total", "system"), depth: count, limit: count, text },
  /** Its parent has exited, and the kernel has given it another: both pids as it read them itself. */
  adopted: { before: count, after: count },
  exit,
} as const;

/** A run: each slot a lane, on which one job follows another; on a farm those of each machine, by its name: `db1:2`. */
const run = {
  /** A job was started. `command` as a shell would read it; `attempt` from 1. */
  spawn: { seq: count, attempt: count, command: text },
  /** `retry`: it failed, and will be tried again; `stopped`: this run ended it, and it does not count as run. */
  exit: {
    retry: flag,
    stopped: flag,
    seq: count,
    command: text,
    ...exit,
    timedOut: flag,
    attempt: count,
    ms,
  },
  /** No more jobs are started, and why. */
  stop: { reason: oneOf("halt", "drain", "signal", "output", "error", "cancelled") },
  /** What runs now: somebody asked (SIGUSR1). */
  running: { jobs: list(object({ seq: count, lane: text, pid: count, command: text, ms })) },
} as const;

/** A map: each worker a lane. */
const map = {
  spawn: {},
  /** It has loaded the module. */
  ready: {},
  /** It has answered for `count` items from `first` on, in `ms`. */
  chunk: { first: count, count, ms },
  /** User code printed a line. */
  say: { text },
  /** An item is tried again. */
  retry: { index: count, reason: text },
  /** An item failed for good. `item` is its beginning, as the person gave it. */
  fail: { index: count, attempts: count, item: optional(text), error: itemError },
  exit,
  /** Never written: put in by {@link inSteps} where a chunk began. */
  begin: { first: count, count },
  /** Never written: put in by {@link inSteps} where a worker has nothing to do yet. */
  idle: {},
} as const;

/** Processor time that a process has had so far, ms: of its own threads. */
const used = { cpuMs: optional(ms) };

/** A person's own program: each of its processes a lane. */
const trace = {
  /** There is a new process. */
  spawn: {},
  /** It runs another program. */
  exec: { command: text, ...used },
  /** It runs, after a wait; or still. */
  run: { ...demo.run, ...used },
  /** It sleeps: why, on what (empty: nothing to say), and which process could end that (left out: not known). */
  wait: { ...demo.wait, why: reason, by: optional(count), ...used },
  /** A signal has stopped it. */
  stopped: { signal: text, ...used },
  continued: used,
  /** It has ended, and its parent has not asked how for a while. */
  zombie: {},
  /** Its parent has asked at last. */
  reaped: {},
  /** It outlived its parent, and has another. */
  adopted: { before: count, after: count },
  /** Both null: nobody could ask any more. `threads`: the most it had at once. */
  exit: { ...exit, ...used, threads: count },
} as const;

/** Everything that can be recorded: of each kind its types of events, and their fields. */
export const kinds = { demo, run, map, exec: demo, trace } as const satisfies Readonly<
  Record<string, Readonly<Record<string, Fields>>>
>;

/** What a recording can be of. */
export type RecordingKind = keyof typeof kinds;

type Kinds = typeof kinds;

/** What happened, without where and when. */
export type Happening<K extends RecordingKind = RecordingKind> = {
  [Of in K]: {
    [T in keyof Kinds[Of]]: Kinds[Of][T] extends Fields ? { readonly type: T } & FieldsOf<Kinds[Of][T]> : never;
  }[keyof Kinds[Of]];
}[K];

/** Where and when it happened. */
export type Stamp = FieldsOf<typeof stamp>;

/** An event: one thing that happened, at one moment, in one process. */
export type LaneEvent<K extends RecordingKind = RecordingKind> = Stamp & Happening<K>;

/** An event of a run of jobs. */
export type RunEvent = LaneEvent<"run">;

/** The types of events. */
export type EventType = LaneEvent["type"];

/** The events of one type. */
export type EventOf<T extends EventType> = Extract<LaneEvent, { readonly type: T }>;

/** Takes events as they happen. Must not throw and must not block: it runs inside the work. */
export type Sink<K extends RecordingKind = RecordingKind> = (event: LaneEvent<K>) => void;
