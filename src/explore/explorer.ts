/**
 * Runs a program again and again, each time in another order, and compares what comes of it; then looks for the smallest order
 * in which it goes wrong.
 *
 * The first run is in the standard order (schedule/schedule.ts), which is as if the processes ran one after the other, as far
 * as they can: without a check, what it ends in is taken for right. What several processes touch is learned as it goes on.
 */
import { LanesError } from "../errors.ts";
import type { ExploreResult, SmallestOrder } from "../recording/results/explore-result.ts";
import type { Step } from "./control/messages.ts";
import { explanationOf, exploredWaits, outcomeEntry, smallestOf, type Tried } from "./result.ts";
import type { Plan } from "./schedule/choosers.ts";
import type { Move } from "./schedule/order.ts";
import { below, random } from "./schedule/random.ts";
import { shrink, singleMoves } from "./shrink.ts";
import { type Exploration, Trials, type TrialsParts } from "./trials.ts";

/** Of a program whose processes share nothing so many runs say all. */
const ENOUGH = 5;
/** Changes of priority in a run: one, two and three in turns, and at every step that touches what is shared now and then. */
const [DEPTHS, ALL_EVERY] = [3, 4];

export interface ExploreWatcher {
  /** A run has ended; `outcomes`: different ones so far; `wrong`: runs. */
  onRun(tried: Tried, outcomes: number, wrong: number): void;
  /** The smallest wrong order is looked for: it has so many moves now. */
  onSmaller(moves: number): void;
}

interface Group {
  readonly first: Tried;
  /** The one with the fewest moves. */
  least: Tried;
  count: number;
}

export class Explorer {
  readonly #exploration: Exploration;
  readonly #trials: Trials;
  readonly #watcher: ExploreWatcher;
  readonly #signal: AbortSignal;
  readonly #random: () => number;
  readonly #groups = new Map<string, Group>();
  readonly #orders = new Set<string>();
  readonly #beganMs = performance.now();
  #runs = 0;
  #wrong = 0;
  #firstSteps: readonly Step[] = [];
  #unsteady = false;
  #stopped: ExploreResult["stopped"] = null;

  constructor(exploration: Exploration, parts: TrialsParts & { readonly watcher: ExploreWatcher }) {
    this.#exploration = exploration;
    this.#trials = new Trials(exploration, parts);
    this.#watcher = parts.watcher;
    this.#signal = parts.signal;
    this.#random = random(exploration.seed);
  }

  /**
   * All of it; if the signal is aborted, what was found so far.
   * @throws LanesError if the program, --before or --check cannot be run.
   */
  async explore(): Promise<ExploreResult> {
    let smallest: SmallestOrder | null = null;
    try {
      await this.#tryAll();
      smallest = await this.#smallest();
    } catch (error) {
      if (!this.#signal.aborted) throw error;
      this.#stopped = "interrupted";
      smallest = this.#smallestSoFar();
    }
    return this.#result(smallest);
  }

  async #tryAll(): Promise<void> {
    const { runs, replay, check } = this.#exploration;
    // What an order ends in is right or wrong beside the standard one.
    if (replay !== undefined && replay.length > 0 && check === undefined) await this.#run({ by: "order", moves: [] });
    const first = await this.#try({ by: "order", moves: replay ?? [] });
    this.#firstSteps = first.report.steps;
    if (replay !== undefined) return;
    if (first.outcome.end === "timeout") throw this.#tooLong();
    for (let run = 1; run < runs; run++) {
      if (first.report.processes.length === 1) {
        this.#stopped = "oneProcess";
        return;
      }
      if (this.#trials.conflicts.names.length === 0 && run >= ENOUGH) {
        this.#stopped = "nothingShared";
        return;
      }
      const before = this.#groups.size;
      await this.#try(this.#plan(run));
      // The first time that it is different: is it the order?
      if (before === 1 && this.#groups.size > 1 && !(await this.#isSteady(first))) {
        this.#unsteady = true;
        if (this.#exploration.check === undefined) {
          this.#stopped = "unsteady";
          return;
        }
      }
    }
  }

  #tooLong(): LanesError {
    return new LanesError("explore.error.tooLong", { seconds: String(this.#exploration.timeoutMs / 1e3) });
  }

  /** Whether the first run, done again, ends as it did. */
  async #isSteady(first: Tried): Promise<boolean> {
    const { outcome } = await this.#run({ by: "order", moves: first.report.moves });
    return outcome.key === first.outcome.key;
  }

  #plan(run: number): Plan {
    const seed = below(this.#random, 2 ** 31);
    if (this.#exploration.strategy === "random") return { by: "random", seed };
    const at = run % ALL_EVERY === 0 ? "all" : "changes";
    const steps = this.#trials.lastSteps.filter(
      (step) => this.#trials.conflicts.has(step) && (at === "all" || step.changes),
    ).length;
    const depth = Math.min(steps, 1 + ((run - 1) % DEPTHS));
    const changes = new Set<number>();
    while (changes.size < depth) changes.add(1 + below(this.#random, steps));
    return { by: "pct", seed, changes: [...changes], at };
  }

  /** A run that counts. */
  async #try(plan: Plan): Promise<Tried> {
    const tried = await this.#confirmed(await this.#run(plan));
    this.#runs++;
    this.#orders.add(tried.order);
    const group = this.#groups.get(tried.outcome.key);
    if (group === undefined) this.#groups.set(tried.outcome.key, { first: tried, least: tried, count: 1 });
    else {
      group.count++;
      if (tried.report.moves.length < group.least.report.moves.length) group.least = tried;
    }
    if (!tried.right) this.#wrong++;
    this.#watcher.onRun(tried, this.#groups.size, this.#wrong);
    return tried;
  }

  /** The first deadlock is made once more: a machine that was busy for long looks the same, and only that order counts. */
  async #confirmed(tried: Tried): Promise<Tried> {
    const { outcome, report } = tried;
    if (outcome.end !== "deadlock" || this.#groups.has(outcome.key)) return tried;
    return await this.#run({ by: "order", moves: report.moves });
  }

  /** A run that is not counted. */
  #run(plan: Plan): Promise<Tried> {
    return this.#trials.run(plan, this.#runs + 1);
  }

  /** The wrong run with the fewest moves, of the outcomes that say the most. */
  #leastWrong(): Tried | undefined {
    const wrong = [...this.#groups.values()].map(({ least }) => least).filter(({ right }) => !right);
    // What goes wrong without a word is the worst but for a deadlock; and what can be explained says more than another order.
    const rank = ({ outcome, report }: Tried) => {
      if (outcome.end !== "ended") return outcome.end === "deadlock" ? 0 : 5;
      return (explanationOf(report).is === "order" ? 3 : 1) + (outcome.stderr === "" ? 0 : 1);
    };
    const weight = (tried: Tried) => rank(tried) * 1e6 + tried.report.moves.length;
    return wrong.toSorted((a, b) => weight(a) - weight(b))[0];
  }

  async #smallest(): Promise<SmallestOrder | null> {
    const { replay } = this.#exploration;
    const wrong = replay === undefined ? this.#leastWrong() : [...this.#groups.values()][0]?.first;
    if (wrong === undefined || (replay === undefined && this.#isAlike)) return null;
    if (replay !== undefined || this.#unsteady) return smallestOf(wrong);
    const withMoves = (tried: Tried) => ({ tried, moves: tried.report.moves });
    const again = async (moves: readonly Move[]) => {
      const tried = await this.#run({ by: "order", moves });
      if (tried.outcome.key !== wrong.outcome.key || tried.right !== wrong.right) return undefined;
      this.#watcher.onSmaller(tried.report.moves.length);
      return withMoves(tried);
    };
    const { tried } = await shrink(
      withMoves(wrong),
      again,
      singleMoves(this.#firstSteps, new Set(this.#trials.conflicts.names)),
    );
    return smallestOf(tried);
  }

  #smallestSoFar(): SmallestOrder | null {
    const best = this.#leastWrong();
    return best === undefined ? null : smallestOf(best);
  }

  #result(smallest: SmallestOrder | null): ExploreResult {
    const { command, strategy, seed, replay, check } = this.#exploration;
    const groups = [...this.#groups.values()].toSorted((a, b) => b.count - a.count);
    const outcomes = groups.map(({ least, count }) => outcomeEntry(least, count));
    const deadlocks = groups.filter(({ least }) => least.outcome.end === "deadlock");
    return {
      v: 1,
      command,
      strategy: replay === undefined ? strategy : "replay",
      seed,
      runs: this.#runs,
      orders: this.#orders.size,
      processes: this.#trials.processes,
      outcomes,
      deadlocks: deadlocks.map(({ least }) => ({ order: least.order, waits: exploredWaits(least.report) })),
      smallest,
      stopped: this.#stopped,
      notes: { unsteady: this.#unsteady, ...this.#trials.notes },
      elapsedMs: Math.round(performance.now() - this.#beganMs),
      ok: this.#isAlike || (outcomes.every(({ right }) => right) && (check !== undefined || outcomes.length <= 1)),
    };
  }

  /** Without a check: it has ended in the same in every order, be it an error. No order is to blame then. */
  get #isAlike(): boolean {
    const { check, replay } = this.#exploration;
    const ends = [...this.#groups.values()].map(({ least }) => least.outcome.end);
    return check === undefined && replay === undefined && ends.length === 1 && ends[0] === "ended";
  }
}
