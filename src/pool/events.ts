/** What happens in a map, as data: what `--jsonl` prints and what a view draws. Lanes are the workers, `P1` … */
import type { Stamp } from "../recording/event.ts";
import type { ItemError } from "./failure.ts";

export type PoolHappening =
  | { readonly type: "spawn" }
  /** It has loaded the module. */
  | { readonly type: "ready" }
  /** It has answered for `count` items from `first` on, in `ms`. */
  | { readonly type: "chunk"; readonly first: number; readonly count: number; readonly ms: number }
  /** User code printed a line. */
  | { readonly type: "say"; readonly text: string }
  /** An item is tried again. */
  | { readonly type: "retry"; readonly index: number; readonly reason: ItemError["kind"] }
  /** An item failed for good. */
  | { readonly type: "fail"; readonly index: number; readonly attempts: number; readonly error: ItemError }
  | { readonly type: "exit"; readonly code: number | null; readonly signal: string | null };

export type PoolEvent = Stamp & PoolHappening;

/** Where a map's events go. */
export interface PoolTimeline {
  /** The moment of `t` = 0, by nowMs(). */
  readonly originMs: number;
  /** Must not throw and must not block. */
  readonly sink: (event: PoolEvent) => void;
}
