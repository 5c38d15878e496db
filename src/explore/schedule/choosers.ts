/** The ways to choose who goes on: by an order that is given, by priorities, by chance. */
import type { Move } from "./order.ts";
import { below, random } from "./random.ts";
import type { Candidate, ChoicePoint, Chooser } from "./schedule.ts";

/** How a run chooses: what the controller is told. */
export type Plan =
  | { readonly by: "order"; readonly moves: readonly Move[] }
  | {
      readonly by: "pct";
      readonly seed: number;
      /** Which of the steps that count (`at`) make whoever is about to do them the last of all: the 1st, the 7th. */
      readonly changes: readonly number[];
      /** `changes`: steps that change what is shared; `all`: all that touch it. */
      readonly at: "changes" | "all";
    }
  | { readonly by: "random"; readonly seed: number };

export function chooserOf(plan: Plan): Chooser {
  switch (plan.by) {
    case "order":
      return new ByOrder(plan.moves);
    case "pct":
      return new ByPriority(plan.seed, new Set(plan.changes), plan.at);
    case "random":
      return new ByChance(plan.seed);
  }
}

/** The standard order, but for the moves. One that cannot be made (whoever it names cannot go on) is left out. */
class ByOrder implements Chooser {
  readonly #moves: ReadonlyMap<string, number>;

  constructor(moves: readonly Move[]) {
    this.#moves = new Map(moves.map(({ lane, step, to }) => [`${lane}.${step}`, to]));
  }

  choose({ runner, step, candidates, standard }: ChoicePoint): Candidate {
    const to = this.#moves.get(`${Math.max(1, runner)}.${step}`);
    return candidates.find(({ lane }) => lane === to) ?? standard;
  }
}

/**
 * PCT: S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, A Randomized Scheduler with Probabilistic Guarantees of
 * Finding Bugs, ASPLOS 2010. Each process has a priority by chance, the highest that can goes on, and at a few steps whoever
 * is about to do them falls behind all others. Those steps are drawn from the ones where an order can matter: those on what
 * several processes touch. Who gives way falls behind, too, or would try in vain for ever.
 */
class ByPriority implements Chooser {
  readonly #random: () => number;
  readonly #priorities = new Map<number, number>();
  #lowest = 0;
  #counted = 0;

  constructor(
    seed: number,
    private readonly changes: ReadonlySet<number>,
    private readonly at: "changes" | "all",
  ) {
    this.#random = random(seed);
  }

  choose({ candidates, runner }: ChoicePoint): Candidate {
    for (const { lane } of candidates) if (!this.#priorities.has(lane)) this.#priorities.set(lane, this.#random());
    for (const { lane, yields } of candidates) if (yields && lane === runner) this.#fall(lane);
    const first = this.#first(candidates);
    if (!counts(first, this.at)) return first;
    this.#counted++;
    if (!this.changes.has(this.#counted)) return first;
    this.#fall(first.lane);
    return this.#first(candidates);
  }

  #first(candidates: readonly Candidate[]): Candidate {
    const priority = ({ lane }: Candidate) => this.#priorities.get(lane) ?? 0;
    return candidates.reduce((best, one) => (priority(one) > priority(best) ? one : best));
  }

  #fall(lane: number): void {
    this.#lowest--;
    this.#priorities.set(lane, this.#lowest);
  }
}

/** Whether a change of priority can be at this step. */
export const counts = ({ conflict, changes }: Candidate, at: "changes" | "all"): boolean =>
  conflict && (at === "all" || changes);

/** Anybody, wherever an order can matter or the one before cannot go on. */
class ByChance implements Chooser {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = random(seed);
  }

  choose({ candidates, standard, runner }: ChoicePoint): Candidate {
    const goesOn = candidates.find(({ lane, yields }) => lane === runner && !yields);
    if (goesOn !== undefined && !goesOn.conflict) return standard;
    return candidates[below(this.#random, candidates.length)] ?? standard;
  }
}
