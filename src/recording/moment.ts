/** What in a record is worth stopping at. demos/analysis/moments.ts finds them. */

/** The most telling first. */
export const momentKinds = [
  "lost",
  "rejected",
  "overlap",
  "circle",
  "refused",
  "zombie",
  "death",
  "adopted",
  "handover",
  "wait",
] as const;
export type MomentKind = (typeof momentKinds)[number];

/** A moment worth stopping at. A step is the index of an event. */
export interface Moment {
  readonly step: number;
  readonly kind: MomentKind;
  /**
   * Earlier steps without which it cannot be understood: of a lost update both reads (the one that was lost first) and the
   * write that was lost; of a circle the other waits, along it; of a death where each lock it held was taken; of a wait where
   * its lock was; of a hand-over where the wait began, and where another let go; of an overlap where the other got the lease;
   * of a rejected write where its own process had got the lease, and where another got it since.
   */
  readonly because: readonly number[];
  /** How well it shows its kind, among others of the kind. */
  readonly clarity: number;
  /** Of a lost update: how many are lost at this step, for good. */
  readonly updates?: number;
}
