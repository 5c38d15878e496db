/** Who this process is, in a program that uses lanes as a library; and whether it may start others. */
import { AsyncLocalStorage } from "node:async_hooks";
import { type WaitOptions, watch } from "../../memory/index.ts";
import { currentProcess as engine } from "../../process/current.ts";
import { within } from "../../process/within.ts";
import type { Happening } from "../../recording/event.ts";

/** What a child was told of itself. */
export interface ChildIdentity {
  readonly name: string;
  readonly daemon: boolean;
  /** Which child of which child: [1, 2] is the second child of the first. Empty in the first process. */
  readonly path: readonly number[];
  /** Null in the first process. */
  readonly parent: { readonly name: string; readonly pid: number } | null;
}

let identity: ChildIdentity = { name: "main", daemon: false, path: [], parent: null };
let started = 0;
/** The part of a child's program that its parent asked for runs in here; what its files do while they are loaded does not. */
const asked = new AsyncLocalStorage<true>();

/** Called once, in a child. */
export function becomeChild(child: ChildIdentity): void {
  identity = child;
}

export const self = (): ChildIdentity => identity;

/** Runs what the parent asked for: from there processes may be started. */
export const runAsked = <T>(work: () => T): T => asked.run(true, work);

/**
 * Whether processes may be started from where this is called. In a child they may not while its files are loaded, nor by
 * what they set going then: every child would do the same again.
 */
export function mayStart(): boolean {
  return identity.parent === null || asked.getStore() === true;
}

/** The place of the next child among those of this process: 1, 2 … */
export const nextNumber = (): number => ++started;

/** What the process that runs this knows of itself. */
export interface ThisProcess {
  readonly name: string;
  readonly pid: number;
  /** The parent's pid as the kernel says it now. */
  readonly ppid: number;
  readonly daemon: boolean;
  /** Whether it is the process that a person started. */
  readonly isMain: boolean;
}

/** The process that runs this. */
export function currentProcess(): ThisProcess {
  const { name, daemon, parent } = identity;
  return { name, pid: process.pid, ppid: process.ppid, daemon, isMain: parent === null };
}

/** A process that is not ours to end. */
export interface ProcessView {
  readonly name: string;
  readonly pid: number;
  readonly isAlive: boolean;
  join(options?: WaitOptions): Promise<boolean>;
}

/** How often it is looked whether the parent is still there, ms: nothing else in this process would tell. */
const LOOK_MS = 10;

/** The process that started this one; null in the first. */
export function parentProcess(): ProcessView | null {
  const { parent } = identity;
  if (parent === null) return null;
  const { name, pid } = parent;
  return {
    name,
    pid,
    get isAlive() {
      return process.ppid === pid;
    },
    /** Whether it has ended. (Its children end with it: who waits for it without a timeout seldom hears of it.) */
    join({ timeout, signal } = {}) {
      const ended = Promise.withResolvers<void>();
      const timer = setInterval(() => {
        if (process.ppid !== pid) ended.resolve();
      }, LOOK_MS);
      return within(timeout, ended.promise, signal).finally(() => clearInterval(timer));
    },
  };
}

/** Records something that happens in this process, if anybody records it. */
export function record(happening: Happening): void {
  engine().emit(happening);
}

/** The longest text of an event, characters. */
const MOST_TEXT = 300;

/** From now on what this process does with shared objects, and says by console.log, is recorded, if anybody records it. */
export function recordProgram(): void {
  if (!engine().recorded) return;
  watch(record);
  const { log } = console;
  console.log = (...values: unknown[]) => {
    const text = values.map((value) => (typeof value === "string" ? value : Bun.inspect(value))).join(" ");
    record({ type: "say", text: text.slice(0, MOST_TEXT) });
    log(...values);
  };
}
