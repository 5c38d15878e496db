/**
 * What each process did, kept for the picture at the end, in bounded memory: of one process some hundred stretches (of more the
 * short ones are put together), of very many processes the failed, the long and the busy ones; of the others how many there were.
 */
import type { Waiting } from "./events.ts";
import type { Span, Traced, TracedState, Watcher } from "./processes.ts";

/** Processes that are kept besides those that live; stretches of one; pieces of time of the others. */
const [KEPT, STRETCHES, PIECES] = [256, 300, 256];

export interface TracedStretch {
  readonly state: TracedState;
  readonly waits: Waiting | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  /** Processor time in it, ms. */
  readonly cpuMs: number;
}

/** A process, as it is drawn. */
export interface Timeline {
  readonly lane: string;
  readonly number: number;
  readonly pid: number;
  readonly ppid: number;
  readonly parentLane: string;
  readonly generation: number;
  readonly command: string;
  readonly startMs: number;
  /** Undefined: it still ran at the end. */
  readonly endMs: number | undefined;
  /** When its parent had collected it, or the trace was over. */
  readonly goneMs: number;
  readonly code: number | null;
  readonly signal: string | null;
  readonly failed: boolean;
  readonly cpuMs: number;
  readonly threads: number;
  readonly orphan: boolean;
  readonly stretches: readonly TracedStretch[];
}

/** Processes without a lane of their own. */
export interface Others {
  readonly count: number;
  readonly failed: number;
  /** How many of them lived in each piece of time, on average, and the processor time they had in it. */
  readonly pieces: readonly { readonly fromMs: number; readonly toMs: number; readonly live: number; readonly cpuMs: number }[];
}

interface Open {
  stretches: TracedStretch[];
  cpuMs: number;
}

export const isFailure = ({ code, signal }: Pick<Traced, "code" | "signal">): boolean =>
  signal !== null || (code ?? 0) !== 0;

export class Timelines implements Watcher {
  readonly #open = new Map<Traced, Open>();
  #kept: Timeline[] = [];
  #others = { count: 0, failed: 0, pieceMs: 10, live: new Float64Array(PIECES), cpu: new Float64Array(PIECES) };

  onEvent(event: { readonly type: string; readonly t: number }, process: Traced, was: Span): void {
    let open = this.#open.get(process);
    if (open === undefined) {
      open = { stretches: [], cpuMs: 0 };
      this.#open.set(process, open);
    }
    if (event.type === "spawn" || event.type === "adopted" || event.type === "zombie") return;
    this.#close(open, was, event.t);
  }

  onProcessor(process: Traced, _: number, __: number, cpuMs: number): void {
    const open = this.#open.get(process);
    if (open !== undefined) open.cpuMs += cpuMs;
  }

  onGone(process: Traced, nowMs: number): void {
    const open = this.#open.get(process);
    if (open === undefined) return;
    this.#open.delete(process);
    this.#close(open, { state: process.state, waits: process.waits, fromMs: process.sinceMs }, nowMs);
    this.#kept.push(timelineOf(process, open, nowMs));
    if (this.#kept.length >= 2 * KEPT) this.#thin();
  }

  /** All that are kept, by when they began; those that live are as they are now. */
  list(nowMs: number): Timeline[] {
    const live = [...this.#open].map(([process, open]) => {
      const now = { ...open, stretches: [...open.stretches] };
      this.#close(now, { state: process.state, waits: process.waits, fromMs: process.sinceMs }, nowMs);
      return timelineOf(process, now, nowMs);
    });
    return [...this.#kept, ...live].sort((a, b) => a.number - b.number);
  }

  get others(): Others {
    const { count, failed, pieceMs, live, cpu } = this.#others;
    const pieces = Array.from(live, (lived, at) => ({
      fromMs: at * pieceMs,
      toMs: (at + 1) * pieceMs,
      live: lived / pieceMs,
      cpuMs: cpu[at] ?? 0,
    }));
    return { count, failed, pieces: pieces.filter(({ live }) => live > 0) };
  }

  #close(open: Open, { state, waits, fromMs }: Span, toMs: number): void {
    if (toMs <= fromMs && open.cpuMs === 0) return;
    const last = open.stretches.at(-1);
    if (last !== undefined && last.state === state && same(last.waits, waits) && last.toMs === fromMs) {
      open.stretches[open.stretches.length - 1] = { ...last, toMs, cpuMs: last.cpuMs + open.cpuMs };
    } else open.stretches.push({ state, waits, fromMs, toMs, cpuMs: open.cpuMs });
    open.cpuMs = 0;
    if (open.stretches.length > 2 * STRETCHES) open.stretches = coarser(open.stretches);
  }

  /** Keeps the processes that say most. */
  #thin(): void {
    const byWorth = this.#kept.sort((a, b) => worth(b) - worth(a));
    for (const timeline of byWorth.splice(KEPT)) this.#pool(timeline);
    this.#kept = byWorth;
  }

  #pool({ startMs, endMs, goneMs, failed, cpuMs }: Timeline): void {
    const others = this.#others;
    others.count++;
    if (failed) others.failed++;
    const to = Math.max(endMs ?? goneMs, startMs + 1e-3);
    while (to >= others.pieceMs * PIECES) {
      for (const sums of [others.live, others.cpu]) {
        for (let at = 0; at < PIECES; at++)
          sums[at] = at < PIECES / 2 ? (sums[2 * at] ?? 0) + (sums[2 * at + 1] ?? 0) : 0;
      }
      others.pieceMs *= 2;
    }
    for (let at = Math.floor(startMs / others.pieceMs); at * others.pieceMs < to; at++) {
      const overlap = Math.min(to, (at + 1) * others.pieceMs) - Math.max(startMs, at * others.pieceMs);
      others.live[at] = (others.live[at] ?? 0) + overlap;
      others.cpu[at] = (others.cpu[at] ?? 0) + (cpuMs * overlap) / (to - startMs);
    }
  }
}

/** Failed ones before all, the command itself first; then by how long they lived and computed. */
export function worth({ generation, failed, startMs, goneMs, cpuMs }: Timeline): number {
  return (generation === 0 ? 1e15 : failed ? 1e12 : 0) + (goneMs - startMs) + 2 * cpuMs;
}

function timelineOf(process: Traced, { stretches }: Open, goneMs: number): Timeline {
  const { lane, number, pid, ppid, parentLane, generation, command, startMs, endMs, code, signal, cpuMs } = process;
  return {
    ...{ lane, number, pid, ppid, parentLane, generation, command, startMs, endMs, goneMs, code, signal, cpuMs },
    failed: isFailure(process),
    threads: process.mostThreads,
    orphan: process.orphan,
    stretches,
  };
}

function same(a: Waiting | undefined, b: Waiting | undefined): boolean {
  return a?.why === b?.why && a?.on === b?.on && a?.by === b?.by;
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
      const lengths = last === undefined ? [Number.POSITIVE_INFINITY] : [last.toMs - last.fromMs, stretch.toMs - stretch.fromMs];
      if (last === undefined || Math.min(...lengths) > least) next.push(stretch);
      else {
        const longer = (lengths[0] ?? 0) >= (lengths[1] ?? 0) ? last : stretch;
        const { state, waits } = longer;
        next[next.length - 1] = { state, waits, fromMs: last.fromMs, toMs: stretch.toMs, cpuMs: last.cpuMs + stretch.cpuMs };
      }
    }
    list = next;
  }
  return list;
}
