/** A record as its viewers want it: step by step, with the moments worth stopping at, and the code that ran. */

import type { Moment, MomentKind } from "../../recording/moment.ts";
import type { MarkedCode } from "../../recording/results/demo.ts";
import { firstAfter, type Steps } from "./steps.ts";

export interface Replay {
  /** What was recorded: `race`, `run`. */
  readonly name: string;
  /** `procs 4   rounds 100`; empty if it has none. */
  readonly params: string;
  /** What the lanes' reads and writes are of, if they share it. */
  readonly shared: { readonly label: string; readonly expected: number } | undefined;
  readonly steps: Steps;
  readonly moments: Moments;
  readonly code: MarkedCode | undefined;
}

/** The moments of a record, found by step. */
export class Moments {
  readonly #byStep: ReadonlyMap<number, Moment>;
  readonly #ofKind = new Map<MomentKind, number[]>();
  readonly #all: number[];

  /** @param list by step; at most one a step. */
  constructor(readonly list: readonly Moment[]) {
    this.#byStep = new Map(list.map((moment) => [moment.step, moment]));
    this.#all = list.map(({ step }) => step);
    for (const { kind, step } of list) {
      const steps = this.#ofKind.get(kind);
      if (steps === undefined) this.#ofKind.set(kind, [step]);
      else steps.push(step);
    }
  }

  at(step: number): Moment | undefined {
    return this.#byStep.get(step);
  }

  /** How many there are of a kind; of lost updates, how many updates are lost. */
  count(kind: MomentKind): number {
    let count = 0;
    for (const step of this.#steps(kind)) count += this.at(step)?.updates ?? 1;
    return count;
  }

  /** The first step after `step` that is such a moment. */
  next(step: number, kind?: MomentKind): number | undefined {
    const steps = this.#steps(kind);
    return steps[firstAfter(steps, step)];
  }

  /** The last step before `step` that is such a moment. */
  previous(step: number, kind?: MomentKind): number | undefined {
    const steps = this.#steps(kind);
    return steps[firstAfter(steps, step - 1) - 1];
  }

  #steps(kind: MomentKind | undefined): readonly number[] {
    return kind === undefined ? this.#all : (this.#ofKind.get(kind) ?? []);
  }
}
