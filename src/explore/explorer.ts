/**
 * Runs a program again and again, each time in another order, and compares what comes of it; then looks for the smallest order
 * in which it goes wrong.
 *
 * The first run is in the standard order (schedule/schedule.ts), which is as if the processes ran one after the other, as far
 * as they can: without a check, what it ends in is taken for right. What several processes touch is learned as it goes on.
 */
import { LanesError } from "../errors.ts";
import { joinPath } from "../os/bytes/paths.ts";
import type { ExploreNotes, ExploreResult, SmallestOrder } from "../recording/results/explore-result.ts";
import { Conflicts } from "./conflicts.ts";
import type { RunReport, RunRequest, Step } from "./control/messages.ts";
import { sharedBelow } from "./control/scope.ts";
import type { Controlled } from "./controlled.ts";
import { type Copies, contentOf } from "./copies.ts";
import { outcomeOf } from "./outcome.ts";
import { explanationOf, outcomeEntry, smallestOf, type Tried, waitsOf } from "./result.ts";
import type { Plan } from "./schedule/choosers.ts";
import { type Move, orderText } from "./schedule/order.ts";
import { below, random } from "./schedule/random.ts";
import { shrink, singleMoves } from "./shrink.ts";

/** Of a program whose processes share nothing so many runs say all. */
const ENOUGH = 5;
/** Changes of priority in a run: one, two and three in turns, and at every step that touches what is shared now and then. */
const [DEPTHS, ALL_EVERY] = [3, 4];

export interface Exploration {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runs: number;
  readonly seed: number;
  readonly strategy: "pct" | "random";
  readonly timeoutMs: number;
  readonly share: readonly string[];
  /** Lines of shell: run before each run; after each, whether it is right. */
  readonly before: string | undefined;
  readonly check: string | undefined;
  readonly ignore: readonly RegExp[];
  /** Only this order, once. */
  readonly replay: readonly Move[] | undefined;
}

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
  readonly #controlled: Controlled;
  readonly #copies: Copies;
  readonly #watcher: ExploreWatcher;
  readonly #signal: AbortSignal;
  readonly #random: () => number;
  readonly #isShared: (name: string) => boolean;
  readonly #conflicts = new Conflicts();
  readonly #groups = new Map<string, Group>();
  readonly #orders = new Set<string>();
  readonly #beganMs = performance.now();
  #reference: string | undefined;
  #runs = 0;
  #wrong = 0;
  #processes = 0;
  #firstSteps: readonly Step[] = [];
  #lastSteps: readonly Step[] = [];
  #notes: ExploreNotes = {
    unsteady: false,
    slept: false,
    network: false,
    mapped: [],
    unprivileged: [],
    unordered: false,
    outside: [],
    left: 0,
  };
  #stopped: ExploreResult["stopped"] = null;

  constructor(
    exploration: Exploration,
    parts: {
      readonly controlled: Controlled;
      readonly copies: Copies;
      readonly watcher: ExploreWatcher;
      readonly signal: AbortSignal;
    },
  ) {
    this.#exploration = exploration;
    this.#controlled = parts.controlled;
    this.#copies = parts.copies;
    this.#watcher = parts.watcher;
    this.#signal = parts.signal;
    this.#random = random(exploration.seed);
    this.#isShared = sharedBelow(exploration.share);
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
      if (this.#conflicts.names.length === 0 && run >= ENOUGH) {
        this.#stopped = "nothingShared";
        return;
      }
      const before = this.#groups.size;
      await this.#try(this.#plan(run));
      // The first time that it is different: is it the order?
      if (before === 1 && this.#groups.size > 1 && !(await this.#isSteady(first))) {
        this.#notes = { ...this.#notes, unsteady: true };
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
    const steps = this.#lastSteps.filter((step) => this.#conflicts.has(step) && (at === "all" || step.changes)).length;
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

  async #run(plan: Plan): Promise<Tried> {
    const { check, ignore, command } = this.#exploration;
    this.#signal.throwIfAborted();
    this.#copies.fresh();
    await this.#shell("before");
    const report = await this.#controlled.run(this.#request(command, plan));
    this.#signal.throwIfAborted();
    if (report.errno !== undefined) throw new LanesError("explore.error.start", { code: report.errno });
    this.#learn(report);
    const { stdout, stderr } = this.#copies;
    const ended = { report, stdout: contentOf(stdout), stderr: contentOf(stderr), files: this.#files(report) };
    const outcome = outcomeOf(ended, ignore);
    // Who ends with an error is never taken for right.
    if (report.end === "ended" && report.code === 0) this.#reference ??= outcome.key;
    const right =
      report.end === "ended" &&
      (check === undefined ? outcome.key === this.#reference : await this.#shell("check", report));
    return { run: this.#runs + 1, order: orderText(report.moves), report, outcome, right };
  }

  #learn({ steps, processes, notes, left }: RunReport): void {
    this.#conflicts.learn(steps);
    this.#lastSteps = steps;
    this.#processes = Math.max(this.#processes, processes.length);
    const all = (one: readonly string[], more: readonly string[]) => [...new Set([...one, ...more])].slice(0, 10);
    const known = this.#notes;
    this.#notes = {
      unsteady: known.unsteady,
      slept: known.slept || notes.slept,
      network: known.network || notes.network,
      mapped: all(known.mapped, notes.mapped),
      unprivileged: all(known.unprivileged, notes.unprivileged),
      unordered: known.unordered || notes.unordered > 0,
      outside: all(known.outside, notes.outside),
      left: Math.max(known.left, left),
    };
  }

  /** What the run made of the files that count. */
  #files({ steps }: RunReport): ReadonlyMap<string, Buffer | null> {
    const { base, folder } = this.#copies;
    if (base !== undefined) return new Map([...this.#copies.changed()].filter(([name]) => this.#isShared(name)));
    // In place nobody knows how it was: all that was touched by somebody who may have changed it.
    const names = new Set(
      steps
        .filter(({ changes }) => changes)
        .flatMap(({ file, other }) => [file, ...(other === undefined ? [] : [other])]),
    );
    const isFile = (name: string) => !/^(\$TMPDIR\/|pipe \d|P\d+$|$)/.test(name);
    return new Map(
      [...names]
        .filter(isFile)
        .sort()
        .map((name) => [name, contentOf(joinPath(folder, name))]),
    );
  }

  /** Runs --before or --check, if there is one. @returns whether it ended with 0. @throws LanesError if it does not end. */
  async #shell(which: "before" | "check", report?: RunReport): Promise<boolean> {
    const line = this.#exploration[which];
    if (line === undefined) return true;
    const code = report?.code ?? undefined;
    const request = this.#request(["/bin/sh", "-c", line], undefined, code);
    const { stderr } = this.#copies;
    const ended = await this.#controlled.run({
      ...request,
      output: ["/dev/null", which === "check" ? `${stderr}.check` : stderr],
    });
    this.#signal.throwIfAborted();
    const seconds = String(this.#exploration.timeoutMs / 1e3);
    if (ended.end !== "ended") throw new LanesError("explore.error.hangs", { option: `--${which}`, seconds });
    if (which === "before" && ended.code !== 0) {
      const said = contentOf(stderr).toString().trim().split("\n").at(-1) ?? "";
      throw new LanesError("explore.error.before", { code: ended.code ?? ended.signal ?? 0, said });
    }
    return ended.code === 0;
  }

  #request(argv: readonly string[], plan: Plan | undefined, code?: number): RunRequest {
    const { env, share, timeoutMs } = this.#exploration;
    const { folder, temporary, original, base, stdout, stderr } = this.#copies;
    return {
      argv,
      env: { ...env, PWD: folder, TMPDIR: temporary, ...(code === undefined ? {} : { LANES_EXIT_CODE: String(code) }) },
      folder,
      output: [stdout, stderr],
      plan,
      scope: { folder, temporary, globs: share, original: base === undefined ? undefined : original },
      conflicts: this.#conflicts.names,
      timeoutMs,
    };
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
    if (replay !== undefined || this.#notes.unsteady) return smallestOf(wrong);
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
      singleMoves(this.#firstSteps, new Set(this.#conflicts.names)),
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
      processes: this.#processes,
      outcomes,
      deadlocks: deadlocks.map(({ least }) => ({ order: least.order, waits: waitsOf(least.report) })),
      smallest,
      stopped: this.#stopped,
      notes: this.#notes,
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
