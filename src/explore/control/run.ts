/**
 * One run of a command, ordered: every thread is stopped at each of its system calls, and stands still before those that touch
 * what is shared. When all stand still or sleep, the schedule chooses who goes on.
 *
 * Always true: at most one process is on its way between two choices, but for what cannot be ordered, which is noted; whoever
 * slept and is woken stands still before it goes on.
 */
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { systemPath } from "../../os/bytes/paths.ts";
import { libcFunctions } from "../../os/libc.ts";
import { processorMs } from "../../os/process/processor-time.ts";
import { type Change, Event, Ptrace, SIGTRAP } from "../../trace/ptrace.ts";
import { chooserOf } from "../schedule/choosers.ts";
import { type Candidate, Schedule } from "../schedule/schedule.ts";
import { CONNECT, changesFolder, MMAP, SOCKET, setsTimer, type Touch, touchOf } from "./calls.ts";
import { Crowd } from "./crowd.ts";
import type { RunReport, RunRequest, Step } from "./messages.ts";
import { Sight } from "./sight.ts";
import { startTraced } from "./start.ts";
import { stuckOf } from "./stuck.ts";
import type { Program, Task } from "./tasks.ts";

/** As many changes are looked for without a pause, before one is made; then pauses grow from µs to µs. */
const [EAGER, SHORTEST_US, LONGEST_US] = [40, 20, 1_000];
/** Whether lanes still wants it, and the time, are looked at every so many ms. */
const LOOK_MS = 4;
/** Who computes for longer is no longer waited for, ms of processor time. */
const COMPUTES_MS = 1_000;
/**
 * Everybody asleep for so long is a deadlock, ms; where somebody waits for any of several things, or it cannot be told of
 * everybody what for, for so long. Between two looks counts at most so much: whoever is late himself has seen nothing meanwhile.
 */
const [ASLEEP_MS, EVENTS_MS, COUNTED_MS] = [30, 1_000, 2];
/** More output than this ends a run, bytes; so do more steps. */
const OUTPUT_BYTES = 16 << 20;
const STEPS = 50_000;

export class Run {
  readonly #request: RunRequest;
  readonly #hasEnded: () => boolean;
  readonly #ptrace = new Ptrace();
  readonly #crowd = new Crowd();
  readonly #sight: Sight;
  readonly #schedule: Schedule;
  readonly #steps: Step[] = [];
  readonly #conflicts: ReadonlySet<string>;
  readonly #c = libcFunctions({ usleep: { args: ["u32"], returns: "i32" } });
  #output: number[] = [];
  #begun = false;
  #end: RunReport["end"] = "ended";
  #stuck: RunReport["stuck"] = [];
  #left = 0;
  #slept = false;
  #unordered = 0;
  #killed = false;

  constructor(request: RunRequest, hasEnded: () => boolean) {
    this.#request = request;
    this.#hasEnded = hasEnded;
    this.#sight = new Sight(this.#crowd, request.scope);
    this.#schedule = new Schedule(chooserOf(request.plan ?? { by: "order", moves: [] }));
    this.#conflicts = new Set(request.conflicts);
  }

  run(): RunReport {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;
    this.#output = this.#request.output.map((file) => openSync(systemPath(file), flags, 0o600));
    try {
      const started = startTraced(this.#request, this.#output, this.#ptrace);
      if ("errno" in started) return this.#report(started.errno);
      this.#crowd.begin(started.pid, undefined).arriving = false;
      this.#loop();
      return this.#report();
    } finally {
      for (const fd of this.#output) closeSync(fd);
    }
  }

  #loop(): void {
    const deadlineMs = performance.now() + this.#request.timeoutMs;
    let idle = 0;
    let lookedMs = performance.now();
    let asleepMs = 0;
    let seenMs = lookedMs;
    while (this.#crowd.tasks.size > 0) {
      const change = this.#ptrace.next(false, true);
      if (change === "none") return;
      if (change !== null) {
        this.#on(change);
        idle = 0;
        asleepMs = 0;
        continue;
      }
      const nowMs = performance.now();
      if (!this.#killed && nowMs - lookedMs >= LOOK_MS) {
        lookedMs = nowMs;
        if (nowMs > deadlineMs) this.#kill("timeout");
        else if (this.#hasEnded()) this.#kill("ended");
        else if (this.#writesTooMuch() || this.#steps.length > STEPS) this.#kill("output");
      }
      // What a process did has woken others by the time it stands still: a look suffices, but not while some are on their way.
      if (!this.#killed && this.#request.plan !== undefined && this.#choose(idle > EAGER)) {
        idle = 0;
        continue;
      }
      if (!this.#killed && this.#begun && this.#request.plan !== undefined && this.#crowd.isAsleep) {
        asleepMs += Math.min(nowMs - seenMs, COUNTED_MS);
        if (asleepMs > (this.#crowd.mayHearMore ? EVENTS_MS : ASLEEP_MS)) this.#giveUp(asleepMs > EVENTS_MS);
      } else asleepMs = 0;
      seenMs = nowMs;
      idle++;
      if (idle > EAGER) this.#c.usleep(Math.min(LONGEST_US, SHORTEST_US + (idle - EAGER) * 5));
    }
  }

  #writesTooMuch(): boolean {
    return this.#output.some((fd) => fstatSync(fd).size > OUTPUT_BYTES);
  }

  /** Lets somebody go on, if nobody is on the way. @param asks whoever is, how long already. @returns whether somebody was let. */
  #choose(asks: boolean): boolean {
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
  #haveComputed(busy: readonly Task[]): boolean {
    return busy.every((task) => {
      if (task.arriving || task.awaited) return false;
      const used = processorMs(task.program.pid);
      this.#since.has(task.program) || this.#since.set(task.program, used);
      return used - (this.#since.get(task.program) ?? used) > COMPUTES_MS;
    });
  }
  /** Processor time of those who compute, as it was when they began to. */
  readonly #since = new Map<Program, number>();

  #candidate(task: Task): Candidate {
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

  #grant(task: Task): void {
    const { hold, program } = task;
    this.#since.clear();
    if (hold === undefined) {
      task.awaited = true;
      this.#slept = true;
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

  #note({ tid, program: { lane } }: Task, touch: Touch): Step {
    const { call, file, other, changes, how, data } = touch;
    const named = { ...(other === undefined ? {} : { other }), ...(how === undefined ? {} : { how }) };
    const step: Step = { lane, step: this.#schedule.steps(lane), call, file, changes, ...named };
    if (call === "write" && data !== undefined) step.data = this.#sight.data(tid, data.address, data.length);
    this.#steps.push(step);
    return step;
  }

  #on(change: Change): void {
    if (change.is !== "stopped") {
      this.#crowd.end(change);
      return;
    }
    const { tid, signal, event, call } = change;
    const task = this.#crowd.tasks.get(tid) ?? this.#crowd.meet(tid);
    if (call) this.#onCall(task);
    else if (event === Event.stop) this.#onStop(task, signal);
    else if (event !== 0) {
      if (event === Event.exec) {
        this.#crowd.execute(task);
        this.#sight.onExecute(task);
        this.#begun ||= task.program === this.#crowd.root;
      } else this.#crowd.create(task, this.#ptrace.message(tid), event);
      this.#goOn(task);
    } else this.#goOn(task, signal);
  }

  #goOn(task: Task, signal = 0): void {
    if (this.#request.plan === undefined) this.#ptrace.goOn(task.tid, signal);
    else this.#ptrace.goOnToCall(task.tid, signal);
  }

  /** The first moment of a process or a thread; or a stop, or the end of one. */
  #onStop(task: Task, signal: number): void {
    if (signal !== SIGTRAP) {
      task.stopped = true;
      this.#ptrace.listen(task.tid);
      return;
    }
    task.stopped = false;
    const isFirst = task.arriving;
    task.arriving = false;
    if (isFirst && this.#killed) kill(task.program.pid); // it was made while the others were killed
    if (isFirst && !task.isThread && this.#ordered) task.hold = { call: "start", touch: undefined };
    else this.#goOn(task);
  }

  /** From the moment the command itself has begun. */
  get #ordered(): boolean {
    return this.#begun && !this.#killed && this.#request.plan !== undefined;
  }

  #onCall(task: Task): void {
    const call = this.#ptrace.call(task.tid);
    if (call === null) this.#goOn(task);
    else if (call.is === "enters") this.#onEnter(task, call.number, call.args);
    else this.#onLeave(task, call.result);
  }

  #onEnter(task: Task, number: number, args: readonly number[]): void {
    const { program } = task;
    if (this.#ordered) {
      if (changesFolder.has(number)) program.folder = undefined;
      if (setsTimer.has(number) || number === CONNECT) program.timer = true;
      if (number === SOCKET && (args[0] === 2 || args[0] === 10)) program.network = true;
      if (number === MMAP) this.#sight.onMap(task, args);
      const touch = touchOf(number, args, this.#sight.subject(task), this.#sight.scope);
      if (touch !== undefined) {
        task.entering = { number, args };
        task.hold = { call: touch.call, touch: touch.file === "" ? undefined : touch };
        return;
      }
    }
    task.enters(number, args);
    this.#goOn(task);
  }

  #onLeave(task: Task, result: number): void {
    const { inside, awaited } = task;
    task.inside = undefined;
    task.before = inside;
    task.lends = false;
    task.awaited = false;
    if (inside?.step !== undefined) {
      inside.step.result = result;
      if (result >= 0 && isProgress(inside.step)) task.program.sleeps = 0;
      const data = inside.touch?.data;
      if (inside.touch?.call === "read" && data !== undefined && result > 0)
        inside.step.data = this.#sight.data(task.tid, data.address, Math.min(result, data.length));
    }
    if (inside !== undefined && changesFolder.has(inside.number)) task.program.folder = undefined;
    const woken = inside !== undefined && (inside.slept || inside.time === "sleeps") && !awaited;
    if (woken && this.#ordered && !this.#crowd.isInner(task, inside.number)) {
      if (inside.time === "sleeps") {
        this.#slept = true;
        task.inside = inside; // whether others come first is the same question, awake or not
      }
      task.hold = { call: "goes on", touch: undefined };
    } else this.#goOn(task);
  }

  /** Ends what cannot go on. @param surely though it cannot be told of everybody what for they wait. */
  #giveUp(surely: boolean): void {
    const { root } = this.#crowd;
    if (root === undefined || root.code !== null || root.signal !== null) {
      this.#left = this.#crowd.programs.size;
      this.#kill("ended");
      return;
    }
    const { stuck, runs } = stuckOf([...this.#crowd.tasks.values()], this.#crowd.all, this.#sight.scope);
    if (runs && !surely) return; // somebody has just been woken
    this.#stuck = stuck;
    this.#kill("deadlock");
  }

  #kill(end: RunReport["end"]): void {
    this.#killed = true;
    this.#end = end;
    for (const pid of this.#crowd.pids) kill(pid);
  }

  #report(errno?: number): RunReport {
    const { moves, choices, switches } = this.#schedule;
    return {
      code: this.#crowd.root?.code ?? null,
      signal: this.#crowd.root?.signal ?? null,
      end: this.#end,
      ...(errno === undefined ? {} : { errno }),
      moves,
      choices,
      switches,
      steps: this.#steps.slice(0, STEPS),
      processes: this.#crowd.all.map(({ lane, pid, parent, command, code, signal }) => ({
        lane,
        pid,
        parent,
        command,
        code,
        signal,
      })),
      stuck: this.#stuck,
      left: this.#left,
      notes: {
        slept: this.#slept,
        network: this.#crowd.all.some(({ network }) => network),
        mapped: [...this.#sight.mapped],
        unprivileged: [...this.#sight.unprivileged],
        unordered: this.#unordered,
        outside: this.#sight.outside,
      },
    };
  }
}

/** Whoever does this has got on: it has not only looked, or tried to get a lock. */
const isProgress = ({ call, changes, how }: Step) => changes && call !== "lock" && how !== "makes";

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has just ended
  }
}
