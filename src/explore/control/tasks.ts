/** The threads of a run, and what is known of each: the controller's picture of it. */
import { procStat } from "../../os/process/proc-of.ts";
import { callsOf } from "../../trace/syscalls.ts";
import type { CallName, Touch } from "./calls.ts";
import type { Step } from "./messages.ts";
import { timeOf } from "./sleeps.ts";

const sleepers = callsOf("x64");

/** What a process is, for all its threads. */
export interface Program {
  readonly pid: number;
  readonly lane: number;
  /** Its parent's lane. */
  readonly parent: number;
  command: string;
  /** Undefined until it is needed, and when it may have changed. */
  folder: string | undefined;
  /** What it waits for may come by itself (a timer), or from somebody who is none of the processes. */
  timer: boolean;
  network: boolean;
  code: number | null;
  signal: number | null;
  /** Sleeps since it has changed something that others can see. */
  sleeps: number;
  /** What it did last, and what that returned. */
  last: Step | undefined;
}

/** What a thread that stands still is about to do. */
export interface PendingCall {
  readonly call: CallName;
  readonly touch: Touch | undefined;
}

/** A system call that a thread is inside of. */
interface Inside {
  readonly number: number;
  readonly args: readonly number[];
  readonly time: "sleeps" | "limited" | "none";
  /** It was seen asleep in there: when it comes out, it has to be let go on. */
  slept: boolean;
  /** What is to be completed when it comes out. */
  readonly step: Step | undefined;
  readonly touch: Touch | undefined;
}

const RESTART = 219;

export class ControlledTask {
  /** It stands still until it is chosen. */
  hold: PendingCall | undefined;
  inside: Inside | undefined;
  /** The call it was inside of last. */
  before: Inside | undefined;
  /** The call it stands before. */
  entering: { readonly number: number; readonly args: readonly number[] } | undefined;
  /** Stopped by a signal, as a terminal does. */
  stopped = false;
  /** Its first stop has not come yet. */
  arriving = true;
  /** It has started a process that runs in its memory, and sleeps until that executes. */
  lends = false;
  /** It sleeps for a time, and was chosen: it is waited for. */
  awaited = false;

  constructor(
    readonly tid: number,
    readonly program: Program,
  ) {}

  get isThread(): boolean {
    return this.tid !== this.program.pid;
  }

  enters(number: number, args: readonly number[], step?: Step, touch?: Touch): void {
    // A call that is taken up again is the one it was.
    const known = number === RESTART ? this.before : undefined;
    const time = known?.time ?? timeOf(number, args);
    if (time === "sleeps" && known === undefined) this.program.sleeps++;
    this.inside = { number: known?.number ?? number, args: known?.args ?? args, time, slept: false, step, touch };
  }

  /** It sleeps for a time that only it has chosen: it can go on as soon as that is over. */
  get dozes(): boolean {
    return this.inside?.time === "sleeps" && this.hold === undefined && !this.awaited && !this.stopped;
  }

  /** It sleeps again, and has changed nothing since the last time: it looks now and then whether others have. */
  get looksAgain(): boolean {
    return this.inside?.time === "sleeps" && this.program.sleeps > 1;
  }

  /** It is on its way, without a look at it. */
  get isMoving(): boolean {
    if (this.hold !== undefined || this.stopped) return false;
    return this.arriving || this.awaited || this.inside === undefined;
  }

  /** It can do nothing more unless others do something: it stands still, or sleeps. */
  settled(): boolean {
    if (this.hold !== undefined || this.stopped) return true;
    if (this.isMoving || this.inside === undefined) return false;
    const { number, touch } = this.inside;
    const call = sleepers.get(number);
    // A regular file makes nobody wait for another, whatever the disk does.
    if (call === undefined || (touch !== undefined && touch.call !== "lock" && touch.call !== "send")) return false;
    const state = procStat(this.tid)?.state;
    const asleep = state === "S" || (this.lends && state === "D");
    if (asleep) this.inside.slept = true;
    return asleep;
  }
}
