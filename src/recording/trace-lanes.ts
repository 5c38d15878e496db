/**
 * What each process of a trace did, for the picture at its end, from the events, in bounded memory: of one process some hundred
 * stretches (of more the short ones are put together), of very many processes the failed, the long and the busy ones; of the
 * others how many there were.
 */
import { hasFailed, type LaneEvent } from "./event.ts";
import { type OtherProcesses, OtherSums } from "./other-processes.ts";
import type { TracedWait } from "./results/trace-result.ts";

/** Ended processes that are kept; stretches of one. */
const [KEPT, STRETCHES] = [256, 300];

export type TracedState = "starts" | "runs" | "waits" | "stopped" | "zombie";

export interface TracedStretch {
  readonly state: TracedState;
  readonly waits: TracedWait | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  /** Processor time in it, ms. */
  readonly cpuMs: number;
}

/** A process, as it is drawn. */
export interface TracedLane {
  readonly lane: string;
  readonly pid: number;
  readonly ppid: number;
  /** Of the process that started it; empty for the command. */
  readonly parentLane: string;
  /** 0: the command. */
  readonly generation: number;
  readonly command: string;
  readonly startMs: number;
  /** When it ended; undefined while it runs. */
  readonly endMs: number | undefined;
  /** When its parent had collected it, if that took a while; else {@link endMs}. */
  readonly goneMs: number | undefined;
  readonly code: number | null;
  readonly signal: string | null;
  readonly failed: boolean;
  readonly cpuMs: number;
  readonly orphan: boolean;
  readonly stretches: readonly TracedStretch[];
}

type Growing = { -readonly [K in keyof TracedLane]: TracedLane[K] } & {
  stretches: TracedStretch[];
  state: TracedState;
  waits: TracedWait | undefined;
  sinceMs: number;
  order: number;
};

export class TraceLanes {
  readonly #live = new Map<string, Growing>();
  readonly #pids = new Map<number, Growing>();
  #ended: Growing[] = [];
  #order = 0;
  readonly #others = new OtherSums();

  /** The next event in the order of time. Cheap: it happens while the command runs. */
  add(event: LaneEvent<"trace">): void {
    if (event.type === "spawn") {
      this.#begin(event);
      return;
    }
    const lane = this.#live.get(event.lane) ?? this.#ended.findLast((one) => one.lane === event.lane);
    if (lane === undefined) return;
    const waits: TracedWait | undefined =
      event.type === "wait" ? { why: event.why, on: event.on, by: event.by ?? 0 } : undefined;
    switch (event.type) {
      case "exec":
        lane.command = event.command;
        this.#to(lane, "runs", undefined, event.t, event.cpuMs);
        return;
      case "run":
      case "continued":
        this.#to(lane, "runs", undefined, event.t, event.cpuMs);
        return;
      case "wait":
        this.#to(lane, "waits", waits, event.t, event.cpuMs);
        return;
      case "stopped":
        this.#to(lane, "stopped", undefined, event.t, event.cpuMs);
        return;
      case "adopted":
        lane.ppid = event.after;
        lane.orphan = true;
        return;
      case "exit":
        this.#end(lane, event);
        return;
      case "reaped":
        lane.goneMs = event.t;
        lane.stretches.push({
          state: "zombie",
          waits: undefined,
          fromMs: lane.endMs ?? event.t,
          toMs: event.t,
          cpuMs: 0,
        });
    }
  }

  /** All that are kept, in the order they began; those that live up to `nowMs`. */
  list(nowMs: number): TracedLane[] {
    const live = [...this.#live.values()].map((lane) => {
      const now = { ...lane, stretches: [...lane.stretches] };
      this.#to(now, now.state, now.waits, Math.max(nowMs, now.sinceMs));
      return now;
    });
    return [...this.#ended, ...live].sort((a, b) => a.order - b.order);
  }

  /** The processes that live now. */
  get live(): number {
    return this.#live.size;
  }

  /** Those that are not kept. */
  get others(): OtherProcesses {
    return this.#others.sums;
  }

  #begin({ lane, pid, ppid, t }: LaneEvent<"trace">): void {
    const parent = this.#pids.get(ppid);
    const growing: Growing = {
      lane,
      pid,
      ppid,
      parentLane: parent?.lane ?? "",
      generation: parent === undefined ? Math.min(this.#order, 1) : parent.generation + 1,
      command: parent?.command ?? "",
      startMs: t,
      endMs: undefined,
      goneMs: undefined,
      code: null,
      signal: null,
      failed: false,
      cpuMs: 0,
      orphan: false,
      stretches: [],
      state: "starts",
      waits: undefined,
      sinceMs: t,
      order: this.#order++,
    };
    this.#live.set(lane, growing);
    this.#pids.set(pid, growing);
  }

  #end(lane: Growing, event: Extract<LaneEvent<"trace">, { type: "exit" }>): void {
    this.#to(lane, "zombie", undefined, event.t, event.cpuMs);
    lane.endMs = lane.goneMs = event.t;
    lane.code = event.code;
    lane.signal = event.signal;
    lane.failed = hasFailed(event);
    this.#live.delete(lane.lane);
    if (this.#pids.get(lane.pid) === lane) this.#pids.delete(lane.pid);
    this.#ended.push(lane);
    if (this.#ended.length >= 2 * KEPT) this.#thin();
  }

  #to(lane: Growing, state: TracedState, waits: TracedWait | undefined, toMs: number, cpuMs = lane.cpuMs): void {
    const more = Math.max(0, cpuMs - lane.cpuMs);
    lane.cpuMs += more;
    if (toMs > lane.sinceMs)
      lane.stretches.push({ state: lane.state, waits: lane.waits, fromMs: lane.sinceMs, toMs, cpuMs: more });
    lane.state = state;
    lane.waits = waits;
    lane.sinceMs = Math.max(toMs, lane.sinceMs);
    if (lane.stretches.length > 2 * STRETCHES) lane.stretches = coarser(lane.stretches);
  }

  /** Keeps the processes that say most. */
  #thin(): void {
    const byWorth = this.#ended.sort((a, b) => worth(b) - worth(a));
    for (const lane of byWorth.splice(KEPT)) this.#others.add(lane);
    this.#ended = byWorth;
  }
}

/** The command before all, then failed ones; then by how long they lived and computed. */
export function worth({ generation, failed, startMs, endMs, cpuMs }: TracedLane): number {
  if (generation === 0) return Number.POSITIVE_INFINITY;
  return (failed ? 1e12 : 0) + (endMs === undefined ? 1e11 : endMs - startMs) + 2 * cpuMs;
}

/** Half as many at most: neighbours of which one is short become one, which is what the longer one was. */
export function coarser(stretches: readonly TracedStretch[]): TracedStretch[] {
  let list = [...stretches];
  const most = list.length / 2;
  const whole = (list.at(-1)?.toMs ?? 0) - (list[0]?.fromMs ?? 0);
  for (let least = Math.max(whole / list.length / 8, 1e-3); list.length > most; least *= 2) {
    const next: TracedStretch[] = [];
    for (const stretch of list) {
      const last = next.at(-1);
      const [before, now] = [last === undefined ? 0 : last.toMs - last.fromMs, stretch.toMs - stretch.fromMs];
      if (last === undefined || Math.min(before, now) > least) next.push(stretch);
      else {
        const { state, waits } = before >= now ? last : stretch;
        const cpuMs = last.cpuMs + stretch.cpuMs;
        next[next.length - 1] = { state, waits, fromMs: last.fromMs, toMs: stretch.toMs, cpuMs };
      }
    }
    list = next;
  }
  return list;
}
