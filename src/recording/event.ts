/**
 * What happens in a demo, a run or a map, as data. Emitters (processes, demos) produce these, a {@link Recording} keeps
 * them, views draw them; a JSONL stream is the same events, one a line. Others rely on names and fields; a type
 * may be added, and a reader skips those it does not know.
 */

/** Where and when: what every event carries. `t` is ms since the recording's origin, on one clock for all processes. */
export interface Stamp {
  readonly t: number;
  /** `main`, `P1`, `P2` … */
  readonly lane: string;
  readonly pid: number;
  readonly ppid: number;
}

/** What happened, without where and when. */
export type Happening =
  /** The parent has created the process of this event's lane (emitted by the parent, stamped with the child's pid). */
  | { readonly type: "spawn"; readonly name?: string }
  /** The child's first line ran: `pid` and `ppid` are what it reads itself. */
  | { readonly type: "ready" }
  /** Its work begins, or goes on after a wait. */
  | { readonly type: "run"; readonly text?: string }
  | { readonly type: "say"; readonly text: string }
  /** Blocked until the process of lane `on` has ended. */
  | { readonly type: "join"; readonly on: string }
  /** Blocked until `on` (a lock file's name, `barrier`, `timer` …) lets it go on; `owner` is whom it waits for. */
  | { readonly type: "wait"; readonly on: string; readonly owner?: number }
  | { readonly type: "hold"; readonly on: string }
  | { readonly type: "release"; readonly on: string }
  | { readonly type: "read"; readonly value: unknown; readonly round?: number }
  /** Where `value` is how many there are now, `put` or `took` says which one came or went. */
  | {
      readonly type: "write";
      readonly value: unknown;
      readonly round?: number;
      readonly put?: string;
      readonly took?: string;
    }
  /** It has exited, and is kept by the kernel until its parent has asked how (emitted by whoever saw it from outside). */
  | { readonly type: "zombie" }
  /** It was not allowed to start another process: by the depth guard, by a limit on their number, or by the system. */
  | {
      readonly type: "refused";
      readonly by: "depth" | "total" | "system";
      /** Generations above it, and how many there may be at most; or processes, where `by` is `total`. */
      readonly depth: number;
      readonly limit: number;
      /** The error as it was thrown. */
      readonly text: string;
    }
  /** Its parent has exited, and the kernel has given it another: both pids as it read them itself. */
  | { readonly type: "adopted"; readonly before: number; readonly after: number }
  | { readonly type: "exit"; readonly code: number | null; readonly signal: string | null };

/** An event: one thing that happened, at one moment, in one process. */
export type LaneEvent = Stamp & Happening;

/** The types of events. */
export type EventType = LaneEvent["type"];

/** Takes events as they happen. Must not throw and must not block: it runs inside the work. */
export type Sink = (event: LaneEvent) => void;
