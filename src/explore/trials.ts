/**
 * Single runs of a program, one after another: each begins in a fresh copy of its folder, goes through in the order it is given, and
 * is judged by what it leaves.
 *
 * Always true: what several processes have touched in any run so far is a conflict in the next one.
 */
import { LanesError } from "../errors.ts";
import { joinPath } from "../os/bytes/paths.ts";
import type { ExploreNotes } from "../recording/results/explore-result.ts";
import { Conflicts } from "./conflicts.ts";
import type { ControlRequest, RunReport, Step } from "./control/messages.ts";
import { sharedBelow } from "./control/scope.ts";
import type { Controlled } from "./controlled.ts";
import type { Copies } from "./copies.ts";
import { outcomeOf } from "./outcome.ts";
import type { Tried } from "./result.ts";
import type { Plan } from "./schedule/choosers.ts";
import { type Move, orderText } from "./schedule/order.ts";
import { contentOf } from "./trees.ts";

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

export interface TrialsParts {
  readonly controlled: Controlled;
  readonly copies: Copies;
  /** Aborted: no more runs, and that which goes on ends. */
  readonly signal: AbortSignal;
}

/** What there is to know about the runs, but for what only comparing them shows. */
type RunNotes = Omit<ExploreNotes, "unsteady">;

export class Trials {
  readonly conflicts = new Conflicts();
  /** The most there were in a run. */
  processes = 0;
  /** Of the run before. */
  lastSteps: readonly Step[] = [];
  notes: RunNotes = {
    slept: false,
    network: false,
    mapped: [],
    unprivileged: [],
    unordered: false,
    outside: [],
    left: 0,
  };
  readonly #exploration: Exploration;
  readonly #controlled: Controlled;
  readonly #copies: Copies;
  readonly #signal: AbortSignal;
  readonly #isShared: (name: string) => boolean;
  /** What the first run that ended well ended in: without a check, that is right. */
  #reference: string | undefined;

  constructor(exploration: Exploration, { controlled, copies, signal }: TrialsParts) {
    this.#exploration = exploration;
    this.#controlled = controlled;
    this.#copies = copies;
    this.#signal = signal;
    this.#isShared = sharedBelow(exploration.share);
  }

  /**
   * One run.
   * @param number it goes by.
   * @throws LanesError if the program, --before or --check cannot be run; the signal's reason if it was aborted.
   */
  async run(plan: Plan, number: number): Promise<Tried> {
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
    return { run: number, order: orderText(report.moves), report, outcome, right };
  }

  #learn({ steps, processes, notes, left }: RunReport): void {
    this.conflicts.learn(steps);
    this.lastSteps = steps;
    this.processes = Math.max(this.processes, processes.length);
    const all = (one: readonly string[], more: readonly string[]) => [...new Set([...one, ...more])].slice(0, 10);
    const known = this.notes;
    this.notes = {
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

  #request(argv: readonly string[], plan: Plan | undefined, code?: number): ControlRequest {
    const { env, share, timeoutMs } = this.#exploration;
    const { folder, temporary, original, base, stdout, stderr } = this.#copies;
    return {
      argv,
      env: { ...env, PWD: folder, TMPDIR: temporary, ...(code === undefined ? {} : { LANES_EXIT_CODE: String(code) }) },
      folder,
      output: [stdout, stderr],
      plan,
      scope: { folder, temporary, globs: share, original: base === undefined ? undefined : original },
      conflicts: this.conflicts.names,
      timeoutMs,
    };
  }
}
