/** All threads and processes of a run: who there is, who is new, who has ended, and whether anybody is on the way. */
import { hasThread, procArguments, procThread } from "../../os/process/proc-of.ts";
import { Event, type TraceeStatus } from "../../trace/ptrace.ts";
import type { RunReport } from "./messages.ts";
import { FUTEX, waitsForAny } from "./sleeps.ts";
import { ControlledTask, type Program } from "./tasks.ts";

/** Of a command line so much is kept, characters. */
const COMMAND = 400;

export class Crowd {
  readonly tasks = new Map<number, ControlledTask>();
  /** Those that live, by pid. */
  readonly programs = new Map<number, Program>();
  /** All there were, in the order in which they began: P1 is the command. */
  readonly all: Program[] = [];
  /** Of those who were heard of before their creator told: they may have ended by then. */
  readonly #ahead = new Set<number>();

  /** What there is to report of each. */
  get known(): RunReport["processes"] {
    return this.all.map(({ lane, pid, parent, command, code, signal }) => ({
      lane,
      pid,
      parent,
      command,
      code,
      signal,
    }));
  }

  /** The command: undefined until it is there. */
  get root(): Program | undefined {
    return this.all[0];
  }

  begin(pid: number, creator: Program | undefined): ControlledTask {
    const program: Program = {
      pid,
      lane: this.all.length + 1,
      parent: creator?.lane ?? 0,
      command: creator?.command ?? "",
      folder: creator?.folder,
      timer: false,
      network: creator?.network ?? false,
      code: null,
      signal: null,
      sleeps: 0,
      last: undefined,
    };
    this.programs.set(pid, program);
    this.all.push(program);
    return this.#add(pid, program);
  }

  #add(tid: number, program: Program): ControlledTask {
    const task = new ControlledTask(tid, program);
    this.tasks.set(tid, task);
    return task;
  }

  /** A thread has made another, or a process. */
  create(creator: ControlledTask, tid: number, event: number): void {
    if (event === Event.vfork) creator.lends = true;
    if (this.#ahead.delete(tid) || this.tasks.has(tid)) return;
    const { program } = creator;
    if (event === Event.clone && hasThread(program.pid, tid)) this.#add(tid, program);
    else this.begin(tid, program);
  }

  /** One whose first stop comes before its creator's. */
  meet(tid: number): ControlledTask {
    this.#ahead.add(tid);
    const { pid, ppid } = procThread(tid);
    const known = this.programs.get(pid);
    if (known !== undefined && pid !== tid) return this.#add(tid, known);
    return this.begin(tid, this.programs.get(ppid) ?? this.root);
  }

  /** It runs another program now, in one thread. */
  execute(task: ControlledTask): void {
    const { program } = task;
    program.command = procArguments(program.pid).join(" ").slice(0, COMMAND);
    for (const [tid, other] of this.tasks) if (other.program === program && other !== task) this.tasks.delete(tid);
    task.inside = undefined;
  }

  end({ tid, is, status }: Exclude<TraceeStatus, { is: "stopped" }>): void {
    const task = this.tasks.get(tid);
    this.tasks.delete(tid);
    if (task === undefined || task.isThread) return;
    const { program } = task;
    this.programs.delete(tid);
    if (is === "exited") program.code = status;
    else program.signal = status;
  }

  /**
   * Those who are on their way. Twice, for who was seen asleep may have been woken by one that was looked at after it; a look
   * at whoever is in no call costs nothing, and comes first.
   */
  busy(): readonly ControlledTask[] {
    const tasks = [...this.tasks.values()];
    const moving = tasks.filter((task) => task.isMoving);
    if (moving.length > 0) return moving;
    for (let round = 0; round < 2; round++) {
      const busy = tasks.filter((task) => !task.settled());
      if (busy.length > 0) return busy;
    }
    return [];
  }

  /** Nobody can go on, and nobody will by itself. */
  get isAsleep(): boolean {
    for (const task of this.tasks.values()) {
      if (task.hold !== undefined || task.dozes || !task.settled()) return false;
      const { inside, program } = task;
      if (inside?.time === "limited" || program.timer || program.network) return false;
    }
    return true;
  }

  /** Somebody waits for one of several things, not all of which need come from the others. */
  get mayHearMore(): boolean {
    for (const { inside } of this.tasks.values())
      if (inside !== undefined && waitsForAny.has(inside.number)) return true;
    return false;
  }

  /** Whether a wait in this call is one of a thread for another of its process. */
  isInner({ program }: ControlledTask, number: number): boolean {
    if (number !== FUTEX) return false;
    let threads = 0;
    for (const task of this.tasks.values()) if (task.program === program) threads++;
    return threads > 1;
  }

  /** A pid as it is the same in every run. */
  named(digits: string): string {
    const program = this.all.find(({ pid }) => String(pid) === digits);
    return program === undefined ? digits : `P${program.lane}`;
  }

  /** The pids of all that live. */
  get pids(): ReadonlySet<number> {
    return new Set([...this.programs.keys(), ...[...this.tasks.values()].map(({ program }) => program.pid)]);
  }
}
