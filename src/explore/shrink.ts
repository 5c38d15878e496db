/** Making a wrong order small: the fewest moves that still end in the same. */
import type { Step } from "./control/messages.ts";
import type { Move } from "./schedule/order.ts";

/** So many runs are made for it, and so many to look for a single move, at most. */
const [RUNS, SINGLES] = [150, 24];

/** A run that ended in the same, and the moves that it really made. */
export interface Wrong {
  readonly moves: readonly Move[];
}

/**
 * Takes away halves of the moves, quarters … single ones, as long as the rest ends in the same (A. Zeller, R. Hildebrandt,
 * Simplifying and Isolating Failure-Inducing Input, 2002). What is left can be made no smaller by taking away, but another
 * single move may do: those are tried, too.
 * @param again runs with these moves; undefined if that ends otherwise.
 * @param singles moves that may do it alone.
 */
export async function shrink<T extends Wrong>(
  wrong: T,
  again: (moves: readonly Move[]) => Promise<T | undefined>,
  singles: readonly Move[],
): Promise<T> {
  let best = wrong;
  let runs = 0;
  const tries = async (moves: readonly Move[]): Promise<boolean> => {
    runs++;
    const tried = await again(moves);
    const smaller = tried !== undefined && tried.moves.length < best.moves.length;
    if (smaller) best = tried;
    return smaller;
  };
  for (let size = best.moves.length; size >= 1 && runs < RUNS; ) {
    let found = false;
    for (let at = 0; at < best.moves.length && !found && runs < RUNS; at += size)
      found = await tries(best.moves.toSpliced(at, size));
    if (found) size = Math.min(size, best.moves.length);
    else size >>= 1;
  }
  for (const move of singles.slice(0, SINGLES)) {
    if (best.moves.length <= 1) break;
    await tries([move]);
  }
  return best;
}

/** Moves that may go wrong alone: before a step that changes what is shared, another process goes on. */
export function singleMoves(steps: readonly Step[], shared: ReadonlySet<string>): Move[] {
  const matters = (step: Step) => shared.has(step.file);
  const lanes = [...new Set(steps.filter(matters).map(({ lane }) => lane))];
  return steps
    .filter((step) => matters(step) && step.changes)
    .flatMap(({ lane, step }) => lanes.filter((to) => to !== lane).map((to) => ({ lane, step, to })))
    .filter(({ lane }) => lane !== 1); // the command itself has nobody to go on yet, mostly
}
