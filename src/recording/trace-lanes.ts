/**
 * What each process of a trace did, for the picture at its end, from the events, in bounded memory: of one process some hundred
 * stretches (of more the short ones are put together), of very many processes the failed, the long and the busy ones; of the
 * others how many there were.
 */
import { hasFailed, type LaneEvent } from "./event.ts";
import type { TracedWait } from "./results/trace-result.ts";

/** Ended processes that are kept; stretches of one; pieces of time of the others. */
const [KEPT, STRETCHES, PIECES] = [256, 300, 256];

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

/** Processes without a lane of their own. */
export interface OtherProcesses {
  readonly count: number;
  readonly failed: number;
  /** How many of them lived in each piece of time, on average, and the processor time they had in it. */
  readonly pieces: readonly {
    readonly fromMs: number;
    readonly toMs: number;
    readonly live: number;
    readonly cpuMs: number;
  }[];
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
  readonly #others = {
    count: 0,
    failed: 0,
    pieceMs: 10,
    live: new Float64Array(PIECES),
    cpu: new Float64Array(PIECES),
  };

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

  get others(): OtherProcesses {
    const { count, failed, pieceMs, live, cpu } = this.#others;
    const pieces = Array.from(live, (lived, at) => ({
      fromMs: at * pieceMs,
      toMs: (at + 1) * pieceMs,
      live: lived / pieceMs,
      cpuMs: cpu[at] ?? 0,
    }));
    return { count, failed, pieces: pieces.filter((piece) => piece.live > 0) };
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
    for (const lane of byWorth.splice(KEPT)) this.#pool(lane);
    this.#ended = byWorth;
  }

  #pool({ startMs, endMs = startMs, failed, cpuMs }: TracedLane): void {
    const others = this.#others;
    others.count++;
    if (failed) others.failed++;
    const to = Math.max(endMs, startMs + 1e-3);
    while (to >= others.pieceMs * PIECES) {
      for (const sums of [others.live, others.cpu]) {
        for (let at = 0; at < PIECES; at++)
          sums[at] = at < PIECES / 2 ? (sums[2 * at] ?? 0) + (sums[2 * at + 1] ?? 0) : 0;
      }
      others.pieceMs *= 2;
    }
    const { pieceMs } = others;
    for (let at = Math.floor(startMs / pieceMs); at * pieceMs < to; at++) {
      const overlap = Math.min(to, (at + 1) * pieceMs) - Math.max(startMs, at * pieceMs);
      others.live[at] = (others.live[at] ?? 0) + overlap;
      others.cpu[at] = (others.cpu[at] ?? 0) + (cpuMs * overlap) / (to - startMs);
    }
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
