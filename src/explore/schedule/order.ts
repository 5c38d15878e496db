/**
 * An order, as text: the places in which it leaves the standard order, and who goes on there instead.
 *
 *     2.5:3,4.7:2      when P2 stands before its 5th step, P3 goes on; when P4 stands before its 7th, P2
 *     0                the standard order
 *
 * The standard order (schedule.ts) changes the process only where one has to wait, gives way or has ended. Places are counted by
 * each process's own steps, so one says the same whatever the others have done before it.
 */

/** A place where an order leaves the standard one. Processes are numbered as lanes are: 2 is P2. */
export interface Move {
  /** Who went on last. */
  readonly lane: number;
  /** The step it stands before, from 1 on; or asleep before, or ended before. */
  readonly step: number;
  /** Who goes on. */
  readonly to: number;
}

/** What the standard order is called. */
const STANDARD = "0";
/** More than anybody's order has. */
const MOST = 100_000;

export function orderText(moves: readonly Move[]): string {
  return moves.length === 0 ? STANDARD : moves.map(({ lane, step, to }) => `${lane}.${step}:${to}`).join(",");
}

/** The order that a text says; null if it is none. */
export function readOrder(text: string): Move[] | null {
  const trimmed = text.trim();
  if (trimmed === STANDARD) return [];
  const words = trimmed.split(",");
  if (words.length > MOST) return null;
  const moves: Move[] = [];
  for (const word of words) {
    const [, lane, step, to] = /^([1-9]\d{0,8})\.(\d{1,9}):([1-9]\d{0,8})$/.exec(word) ?? [];
    if (lane === undefined) return null;
    moves.push({ lane: Number(lane), step: Number(step), to: Number(to) });
  }
  return moves;
}
