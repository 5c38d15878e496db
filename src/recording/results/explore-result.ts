/** What a `lanes explore` came to: its document (docs/json.md), and what its text and its page are made of. */

/** How a run ended, as far as it can be compared. */
export interface ExploredOutcome {
  /** How many runs ended so. */
  readonly count: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Its processes could not go on, it took too long, or wrote too much. */
  readonly end: "ended" | "deadlock" | "timeout" | "output";
  /** What was in the files that differ from what was there before, the beginning of each; null: it is gone. */
  readonly files: Readonly<Record<string, string | null>>;
  /** The beginning of what it wrote. */
  readonly stdout: string;
  readonly stderr: string;
  /** By --check; without one, whether it is what the standard order ends in. A deadlock never is. */
  readonly right: boolean;
  /** An order that ends so. */
  readonly order: string;
}

/** Something a process did, in the smallest wrong order. */
export interface ExploredStep {
  /** P1 is the command. */
  readonly lane: string;
  readonly pid: number;
  /** Which of its own steps it is, from 1 on. */
  readonly step: number;
  readonly call: string;
  /** Empty where it touched none. */
  readonly file: string;
  readonly how?: string;
  /** What the system returned; below 0: an error. */
  readonly result?: number;
  /** What it read or wrote, the beginning. */
  readonly data?: string;
}

/** Who waits for whom in a deadlock. */
export interface ExploredWait {
  readonly lane: string;
  readonly pid: number;
  readonly command: string;
  readonly why: string;
  readonly on: string;
  /** A lane; empty if nobody knows. */
  readonly by: string;
}

/** Why it went wrong, as far as the steps tell: which sentence holds, and its values. */
export type Explanation =
  | {
      readonly is: "lostUpdate" | "tornRead" | "checkThenAct";
      readonly file: string;
      /** Whose work was in vain or wrong, and where it began and ended; who came between, and where. Steps count from 1. */
      readonly one: string;
      readonly first: number;
      readonly last: number;
      readonly other: string;
      readonly between: number;
    }
  | { readonly is: "deadlock"; readonly waits: readonly ExploredWait[] }
  | {
      readonly is: "order";
      readonly lane: string;
      readonly step: number;
      readonly to: string;
      readonly call: string;
      readonly file: string;
    }
  | { readonly is: "standard" };

/** The wrong order with the fewest changes of process. */
export interface SmallestOrder {
  readonly order: string;
  /** Changes of process in it where the one before could have gone on. */
  readonly switches: number;
  readonly processes: readonly {
    readonly lane: string;
    readonly pid: number;
    readonly ppid: number;
    readonly command: string;
  }[];
  readonly steps: readonly ExploredStep[];
  /** The files among them that several processes touch and somebody changes. */
  readonly shared: readonly string[];
  readonly explanation: Explanation;
  readonly outcome: ExploredOutcome;
}

/** What there is to know about the answer. */
export interface ExploreNotes {
  /** The same order ended differently: time, chance or the outside has a part in it. */
  readonly unsteady: boolean;
  readonly slept: boolean;
  readonly network: boolean;
  readonly mapped: readonly string[];
  /** Programs that get rights of their own by their file (set-user-ID), but none under explore. */
  readonly unprivileged: readonly string[];
  readonly unordered: boolean;
  readonly outside: readonly string[];
  /** Processes that were still there when the command had ended, and were ended. */
  readonly left: number;
}

export interface ExploreResult {
  readonly v: 1;
  readonly command: readonly string[];
  readonly strategy: "pct" | "random" | "replay";
  readonly seed: number;
  readonly runs: number;
  /** Different ones among them. */
  readonly orders: number;
  /** The most in one run. */
  readonly processes: number;
  readonly outcomes: readonly ExploredOutcome[];
  readonly deadlocks: readonly { readonly order: string; readonly waits: readonly ExploredWait[] }[];
  readonly smallest: SmallestOrder | null;
  /** Why there were fewer runs than asked for. */
  readonly stopped: "interrupted" | "oneProcess" | "nothingShared" | "unsteady" | null;
  readonly notes: ExploreNotes;
  readonly elapsedMs: number;
  /** All outcomes are the same; with --check: right. */
  readonly ok: boolean;
}
