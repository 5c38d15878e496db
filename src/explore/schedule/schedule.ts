/**
 * Who goes on next. Knows nothing of ptrace: it is told who could go on, and asks a chooser.
 *
 * The standard order: who goes on goes on, as long as it can and does not give way; then whoever has waited longest. So it
 * has the fewest changes of process there can be, and nobody is kept waiting for ever by one who only tries again. What a
 * chooser decides otherwise is written down: that is the order of this run (order.ts).
 */
import type { Move } from "./order.ts";

/** A process that could go on. */
export interface Candidate {
  readonly lane: number;
  /** It tries in vain what it tried before, or sleeps again and has changed nothing: in the standard order others come first. */
  readonly yields: boolean;
  /** What it is about to do touches something that others touch too, and somebody changes. */
  readonly conflict: boolean;
  /** It is about to change it. */
  readonly changes: boolean;
}

/** A choice to be made. */
export interface ChoicePoint {
  /** Who went on last; 0 at the beginning. */
  readonly runner: number;
  /** The step it is about to do. */
  readonly step: number;
  /** At least two. */
  readonly candidates: readonly Candidate[];
  /** Who it would be in the standard order. */
  readonly standard: Candidate;
}

export interface Chooser {
  /** Must be one of the candidates. */
  choose(point: ChoicePoint): Candidate;
}

/** So many steps in a row, and others have a turn: whoever waits for something by looking again and again gives way. */
const PATIENCE = 2_000;

export class Schedule {
  readonly moves: Move[] = [];
  /** How often there was a choice. */
  choices = 0;
  /** Changes of process where the one before could have gone on. */
  switches = 0;
  readonly #chooser: Chooser;
  readonly #steps = new Map<number, number>();
  /** When each of them went on last. */
  readonly #turns = new Map<number, number>();
  #turn = 0;
  #runner = 0;
  #inARow = 0;

  constructor(chooser: Chooser) {
    this.#chooser = chooser;
  }

  /** How many steps a process has done. */
  steps(lane: number): number {
    return this.#steps.get(lane) ?? 0;
  }

  /** Decides, and counts the step of whom it decides for. @param candidates at least one. */
  next(candidates: readonly Candidate[]): Candidate {
    const standard = this.#standard(candidates);
    let chosen = standard;
    if (new Set(candidates.map(({ lane }) => lane)).size > 1) {
      this.choices++;
      const [runner, step] = [this.#runner, this.steps(this.#runner) + 1];
      chosen = this.#chooser.choose({ runner, step, candidates, standard });
      if (chosen.lane !== standard.lane) this.moves.push({ lane: Math.max(1, runner), step, to: chosen.lane });
      const before = candidates.find(({ lane }) => lane === runner);
      if (before !== undefined && !before.yields && chosen.lane !== runner) this.switches++;
    }
    this.#inARow = chosen.lane === this.#runner ? this.#inARow + 1 : 0;
    this.#runner = chosen.lane;
    this.#turns.set(chosen.lane, ++this.#turn);
    this.#steps.set(chosen.lane, this.steps(chosen.lane) + 1);
    return chosen;
  }

  #standard(candidates: readonly Candidate[]): Candidate {
    const runner = candidates.find(({ lane }) => lane === this.#runner);
    if (runner !== undefined && !runner.yields && this.#inARow < PATIENCE) return runner;
    const others = candidates.filter(({ lane }) => lane !== this.#runner);
    const turn = ({ lane }: Candidate) => this.#turns.get(lane) ?? 0;
    const first = others.toSorted((a, b) => turn(a) - turn(b) || a.lane - b.lane)[0];
    return first ?? candidates[0]!;
  }
}
