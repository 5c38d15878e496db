/**
 * Who goes on, once nobody is on the way: asks the schedule, lets that one go on, and writes down its step.
 *
 * Always true: a thread that stands still does so because it was held here, and goes on only when it is chosen here; so at most
 * one is on its way between two choices, but for what cannot be ordered, which is counted.
 */
import { processorMs } from "../../os/process/processor-time.ts";
import type { Ptrace } from "../../trace/ptrace.ts";
import { chooserOf } from "../schedule/choosers.ts";
import { type Candidate, Schedule } from "../schedule/schedule.ts";
import type { Touch } from "./calls.ts";
import type { Crowd } from "./crowd.ts";
import type { ControlRequest, RunReport, Step } from "./messages.ts";
import type { Sight } from "./sight.ts";
import type { ControlledTask, PendingCall, Program } from "./tasks.ts";

/** Who computes for longer is no longer waited for, ms of processor time. */
const COMPUTES_MS = 1_000;

/** More steps are not reported, and end the run. */
export const STEPS = 50_000;

export class Turns {
  readonly #ptrace: Ptrace;
  readonly #crowd: Crowd;
  readonly #sight: Sight;
  readonly #schedule: Schedule;
  readonly #conflicts: ReadonlySet<string>;
  readonly #steps: Step[] = [];
  /** Processor time of those who compute, as it was when they began to. */
  readonly #since = new Map<Program, number>();
  #letSleeper = false;
  #unordered = 0;

  constructor(
    { plan, conflicts }: Pick<ControlRequest, "plan" | "conflicts">,
    parts: { readonly ptrace: Ptrace; readonly crowd: Crowd; readonly sight: Sight },
  ) {
    this.#ptrace = parts.ptrace;
    this.#crowd = parts.crowd;
    this.#sight = parts.sight;
    this.#schedule = new Schedule(chooserOf(plan ?? { by: "order", moves: [] }));
    this.#conflicts = new Set(conflicts);
  }

  /** How many steps there were. */
  get count(): number {
    return this.#steps.length;
  }

  /** Somebody who slept for a time of its own had its turn. */
  get letSleeper(): boolean {
    return this.#letSleeper;
  }

  /** How often somebody went on although others were on their way. */
  get unordered(): number {
    return this.#unordered;
  }

  /** What there is to report of the order. */
  get order(): Pick<RunReport, "moves" | "choices" | "switches" | "steps"> {
    const { moves, choices, switches } = this.#schedule;
    return { moves, choices, switches, steps: this.#steps.slice(0, STEPS) };
  }

  /** A thread stands still from here on, until it is chosen. */
  hold(task: ControlledTask, hold: PendingCall): void {
    task.hold = hold;
  }

  /** Lets somebody go on, if nobody is on the way. @param asks whoever is, how long already. @returns whether somebody was let. */
  choose(asks: boolean): boolean {
    const tasks = [...this.#crowd.tasks.values()];
    const held = tasks.filter((task) => task.hold !== undefined);
    const dozing = tasks.filter((task) => task.dozes);
    if (held.length + dozing.length === 0) return false;
    const busy = this.#crowd.busy();
    if (busy.length > 0 && !(asks && this.#haveComputed(busy))) return false;
    // Who dozes has to be seen asleep, or awake and held, by now.
    const able = [...held, ...dozing].sort((a, b) => a.program.lane - b.program.lane || a.tid - b.tid);
    const candidates = able.map((task) => this.#candidate(task));
    const chosen = this.#schedule.next(candidates);
    const task = able[candidates.indexOf(chosen)]!;
    if (busy.length > 0) this.#unordered++;
    this.#grant(task);
    return true;
  }

  /** Somebody computes, and has for so long that the others cannot be kept waiting. */
  #haveComputed(busy: readonly ControlledTask[]): boolean {
    return busy.every((task) => {
      if (task.arriving || task.awaited) return false;
      const used = processorMs(task.program.pid);
      this.#since.has(task.program) || this.#since.set(task.program, used);
      return used - (this.#since.get(task.program) ?? used) > COMPUTES_MS;
    });
  }

  #candidate(task: ControlledTask): Candidate {
    const { hold, program } = task;
    const touch = hold?.touch;
    const { lane, last } = program;
    const conflict = touch !== undefined && (touch.call === "signal" || this.#isConflict(touch));
    const again =
      touch !== undefined &&
      last !== undefined &&
      (last.result ?? 0) < 0 &&
      last.call === touch.call &&
      last.file === touch.file;
    const yields = hold?.call === "yield" || task.looksAgain || again;
    return { lane, yields, conflict, changes: touch?.changes ?? false };
  }

  #isConflict({ file, other }: Touch): boolean {
    return this.#conflicts.has(file) || (other !== undefined && this.#conflicts.has(other));
  }

  #grant(task: ControlledTask): void {
    const { hold, program } = task;
    this.#since.clear();
    if (hold === undefined) {
      task.awaited = true;
      this.#letSleeper = true;
      this.#note(task, { call: "goes on", file: "", changes: false });
      return;
    }
    task.hold = undefined;
    const touch = hold.touch ?? { call: hold.call, file: "", changes: false };
    const step = this.#note(task, touch);
    if (task.entering !== undefined) {
      const { number, args } = task.entering;
      task.entering = undefined;
      task.enters(number, args, step, touch);
      if (hold.touch !== undefined) program.last = step;
    } else task.inside = undefined;
    this.#ptrace.goOnToCall(task.tid);
  }

  #note({ tid, program: { lane } }: ControlledTask, touch: Touch): Step {
    const { call, file, other, changes, how, data } = touch;
    const named = { ...(other === undefined ? {} : { other }), ...(how === undefined ? {} : { how }) };
    const step: Step = { lane, step: this.#schedule.steps(lane), call, file, changes, ...named };
    if (call === "write" && data !== undefined) step.data = this.#sight.data(tid, data.address, data.length);
    this.#steps.push(step);
    return step;
  }
}
