/**
 * One run of a command, ordered: every thread is stopped at each of its system calls, and stands still before those that touch
 * what is shared. When all stand still or sleep, somebody has a turn (turns.ts).
 *
 * Always true: whoever slept and is woken stands still before it goes on; a run ends by itself, or is killed as a whole.
 */
import { libcFunctions } from "../../os/libc.ts";
import { Event, Ptrace, SIGTRAP, type TraceeStatus } from "../../trace/ptrace.ts";
import { CONNECT, changesFolder, MMAP, SOCKET, setsTimer, touchOf } from "./calls.ts";
import { Crowd } from "./crowd.ts";
import type { ControlRequest, RunReport, Step } from "./messages.ts";
import { Outputs } from "./outputs.ts";
import { Sight } from "./sight.ts";
import { startTraced } from "./start.ts";
import { stuckOf } from "./stuck.ts";
import type { ControlledTask } from "./tasks.ts";
import { STEPS, Turns } from "./turns.ts";

/** As many changes are looked for without a pause, before one is made; then pauses grow from µs to µs. */
const [EAGER, SHORTEST_US, LONGEST_US] = [40, 20, 1_000];
/** Whether lanes still wants it, and the time, are looked at every so many ms. */
const LOOK_MS = 4;
/**
 * Everybody asleep for so long is a deadlock, ms; where somebody waits for any of several things, or it cannot be told of
 * everybody what for, for so long. Between two looks counts at most so much: whoever is late himself has seen nothing meanwhile.
 */
const [ASLEEP_MS, EVENTS_MS, COUNTED_MS] = [30, 1_000, 2];

export class ControlledRun {
  readonly #request: ControlRequest;
  readonly #hasEnded: () => boolean;
  readonly #ptrace = new Ptrace();
  readonly #crowd = new Crowd();
  readonly #sight: Sight;
  readonly #turns: Turns;
  readonly #c = libcFunctions({ usleep: { args: ["u32"], returns: "i32" } });
  #begun = false;
  #end: RunReport["end"] = "ended";
  #stuck: RunReport["stuck"] = [];
  #left = 0;
  /** Somebody slept for a time of its own, and woke by itself. */
  #slept = false;
  #killed = false;

  constructor(request: ControlRequest, hasEnded: () => boolean) {
    this.#request = request;
    this.#hasEnded = hasEnded;
    this.#sight = new Sight(this.#crowd, request.scope);
    this.#turns = new Turns(request, { ptrace: this.#ptrace, crowd: this.#crowd, sight: this.#sight });
  }

  run(): RunReport {
    const outputs = new Outputs(this.#request.output);
    try {
      const started = startTraced(this.#request, outputs.fds, this.#ptrace);
      if ("errno" in started) return this.#report(started.errno);
      this.#crowd.begin(started.pid, undefined).arriving = false;
      this.#loop(outputs);
      return this.#report();
    } finally {
      outputs.close();
    }
  }

  #loop(outputs: Outputs): void {
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
        else if (outputs.areTooLarge || this.#turns.count > STEPS) this.#kill("output");
      }
      // What a process did has woken others by the time it stands still: a look suffices, but not while some are on their way.
      if (!this.#killed && this.#request.plan !== undefined && this.#turns.choose(idle > EAGER)) {
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

  #on(change: TraceeStatus): void {
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

  #goOn(task: ControlledTask, signal = 0): void {
    if (this.#request.plan === undefined) this.#ptrace.goOn(task.tid, signal);
    else this.#ptrace.goOnToCall(task.tid, signal);
  }

  /** The first moment of a process or a thread; or a stop, or the end of one. */
  #onStop(task: ControlledTask, signal: number): void {
    if (signal !== SIGTRAP) {
      task.stopped = true;
      this.#ptrace.listen(task.tid);
      return;
    }
    task.stopped = false;
    const isFirst = task.arriving;
    task.arriving = false;
    if (isFirst && this.#killed) kill(task.program.pid); // it was made while the others were killed
    if (isFirst && !task.isThread && this.#ordered) this.#turns.hold(task, { call: "start", touch: undefined });
    else this.#goOn(task);
  }

  /** From the moment the command itself has begun. */
  get #ordered(): boolean {
    return this.#begun && !this.#killed && this.#request.plan !== undefined;
  }

  #onCall(task: ControlledTask): void {
    const call = this.#ptrace.call(task.tid);
    if (call === null) this.#goOn(task);
    else if (call.is === "enters") this.#onEnter(task, call.number, call.args);
    else this.#onLeave(task, call.result);
  }

  #onEnter(task: ControlledTask, number: number, args: readonly number[]): void {
    const { program } = task;
    if (this.#ordered) {
      if (changesFolder.has(number)) program.folder = undefined;
      if (setsTimer.has(number) || number === CONNECT) program.timer = true;
      if (number === SOCKET && (args[0] === 2 || args[0] === 10)) program.network = true;
      if (number === MMAP) this.#sight.onMap(task, args);
      const touch = touchOf(number, args, this.#sight.subject(task), this.#sight.scope);
      if (touch !== undefined) {
        task.entering = { number, args };
        this.#turns.hold(task, { call: touch.call, touch: touch.file === "" ? undefined : touch });
        return;
      }
    }
    task.enters(number, args);
    this.#goOn(task);
  }

  #onLeave(task: ControlledTask, result: number): void {
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
      this.#turns.hold(task, { call: "goes on", touch: undefined });
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
    return {
      code: this.#crowd.root?.code ?? null,
      signal: this.#crowd.root?.signal ?? null,
      end: this.#end,
      ...(errno === undefined ? {} : { errno }),
      ...this.#turns.order,
      processes: this.#crowd.known,
      stuck: this.#stuck,
      left: this.#left,
      notes: {
        slept: this.#slept || this.#turns.letSleeper,
        network: this.#crowd.all.some(({ network }) => network),
        mapped: [...this.#sight.mapped],
        unprivileged: [...this.#sight.unprivileged],
        unordered: this.#turns.unordered,
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
