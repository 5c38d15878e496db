/** What lanes and its controller say to each other: a line of JSON for each run, one back. */
import type { Reason } from "../../recording/results/trace-result.ts";
import type { Plan } from "../schedule/choosers.ts";
import type { Move } from "../schedule/order.ts";
import type { CallName } from "./calls.ts";

/** A run of a command. */
export interface ControlRequest {
  /** The command and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder it runs in. */
  readonly folder: string;
  /** Where its stdout and stderr go: files, which are written anew. */
  readonly output: readonly [string, string];
  /** How it is ordered; undefined: not at all, it just runs. */
  readonly plan: Plan | undefined;
  /** What is shared. */
  readonly scope: ScopeRequest;
  /** What several processes touch and somebody changes, by name, as far as that is known. */
  readonly conflicts: readonly string[];
  /** It is killed after so long, ms. */
  readonly timeoutMs: number;
}

export interface ScopeRequest {
  /** The folder whose files are shared, and the run's own folder for temporary files. */
  readonly folder: string;
  readonly temporary: string;
  /** Only these files, where any are given. */
  readonly globs: readonly string[];
  /** The folder that `folder` is a copy of; undefined if it is none. */
  readonly original: string | undefined;
}

/** Something a process did that others can see. */
export interface Step {
  /** 1 for P1. */
  readonly lane: number;
  /** Its how-manieth step it is, from 1 on. */
  readonly step: number;
  readonly call: CallName;
  /** What it touched; empty where that is no file, lock or pipe. */
  readonly file: string;
  /** Of a rename or a link: the new name. */
  readonly other?: string;
  /** It may have changed it. */
  readonly changes: boolean;
  /** It was opened to be emptied, or made if it was not there. */
  readonly how?: "empties" | "makes" | "creates" | "writes";
  /** What it returned: a number, an error below 0; undefined if it never did. */
  result?: number;
  /** What was read or written, the beginning of it. */
  data?: string;
}

/** A process of a run. */
export interface RunProcess {
  readonly lane: number;
  readonly pid: number;
  /** Its parent's lane; 0 for the command. */
  readonly parent: number;
  readonly command: string;
  readonly code: number | null;
  readonly signal: number | null;
}

/** Who waits for whom, when nobody could go on. */
export interface Stuck {
  readonly lane: number;
  readonly why: Reason;
  readonly on: string;
  /** A lane; 0 if nobody knows. */
  readonly by: number;
}

export interface RunReport {
  readonly code: number | null;
  readonly signal: number | null;
  readonly end: "ended" | "deadlock" | "timeout" | "output";
  /** What could not be started, and why. */
  readonly errno?: number;
  readonly moves: readonly Move[];
  readonly choices: number;
  readonly switches: number;
  readonly steps: readonly Step[];
  readonly processes: readonly RunProcess[];
  readonly stuck: readonly Stuck[];
  /** Still running, asleep for good, when the command itself had ended. */
  readonly left: number;
  readonly notes: Notes;
}

/** What could not be ordered. */
export interface Notes {
  /** It slept, ms of its own choosing do not matter. */
  readonly slept: boolean;
  /** It spoke to others over the network. */
  readonly network: boolean;
  /** Files that were written through memory. */
  readonly mapped: readonly string[];
  /** Programs that get rights of their own by their file (set-user-ID), but none under explore. */
  readonly unprivileged: readonly string[];
  /** Somebody computed for so long that others went on meanwhile. */
  readonly unordered: number;
  /** Files of the original folder that were opened by their whole path. */
  readonly outside: readonly string[];
}
