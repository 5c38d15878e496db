/** The chart of a demo, folded from its recording: the same states as the live view draws, each with its reason. */
import { t } from "../../i18n/index.ts";
import { type EventOf, hasFailed, type LaneEvent } from "../../recording/event.ts";
import { Fold, hasEnded, type LaneChange, type LaneNow } from "../../recording/fold.ts";
import { eventText } from "../../show/events.ts";
import { ChartBuilder } from "./builder.ts";
import type { Chart, ChartState, Mark, Phase } from "./chart.ts";
import { clean, shortValueText } from "./clean.ts";
import { isStep } from "./steps.ts";

/** What is known of a demo that was played. */
export interface RecordedDemo {
  /** In the order of time, as `Recording.events` gives them. */
  readonly events: readonly LaneEvent[];
  /** What the lanes' reads and writes are of, if they share it. */
  readonly shared?: string | undefined;
  /** When it was over. */
  readonly elapsedMs: number;
  readonly parent: Chart["parent"];
  readonly phases?: readonly Phase[];
}

/** A demo's chart. @param segments kept at most. */
export function demoChart(demo: RecordedDemo, segments?: number): Chart {
  const builder = new ChartBuilder({
    unit: "stretches",
    parent: demo.parent,
    ...(segments === undefined ? {} : { segments }),
  });
  const chart = new DemoChart(builder, demo.shared);
  for (const [i, event] of demo.events.entries()) {
    if (event.t >= 0 && Number.isFinite(event.t)) chart.add(event, isStep(i, demo.events.length));
  }
  builder.reach(demo.elapsedMs);
  chart.end(Math.max(demo.elapsedMs, demo.events.at(-1)?.t ?? 0));
  return builder.build({
    steps: { steps: chart.steps, of: demo.events.length },
    ...(demo.phases === undefined ? {} : { phases: demo.phases }),
  });
}

/** What a lane is in the midst of. */
interface OpenStretch {
  readonly state: ChartState;
  readonly label: string;
  readonly pid: number;
  readonly fromMs: number;
}

interface Beginning {
  readonly pid: number;
  readonly ppid: number;
  readonly fromMs: number;
}

class DemoChart {
  readonly steps: Mark[] = [];
  readonly #builder: ChartBuilder;
  readonly #shared: string | undefined;
  readonly #fold: Fold;
  readonly #open = new Map<string, OpenStretch>();
  readonly #alive = new Map<string, Beginning>();
  /** Who gave a lock back last, and when. */
  readonly #given = new Map<string, { lane: string; ms: number }>();

  constructor(builder: ChartBuilder, shared: string | undefined) {
    this.#builder = builder;
    this.#shared = shared;
    this.#fold = new Fold(shared !== undefined);
  }

  add(event: LaneEvent, isStep: boolean): void {
    const change = this.#fold.add(event);
    const index = this.#builder.laneIndex(event.lane);
    if (index < 0) return;
    if (isStep) this.steps.push({ ms: event.t, lane: index, text: clean(eventText(event)) });
    if (event.type === "exit") this.#exit(event, change);
    else if (!hasEnded(change.lane.activity)) this.#goOn(event, change);
  }

  /** Everything still open lasts until the end. */
  end(ms: number): void {
    for (const lane of [...this.#alive.keys()]) this.#finish(lane, ms, "", false);
  }

  #goOn(event: LaneEvent, change: LaneChange): void {
    const state = change.lane.activity?.state;
    const lane = this.#builder.lane(event.lane);
    if (lane !== undefined && !this.#alive.has(event.lane)) {
      if (lane.pid === 0) [lane.pid, lane.ppid] = [event.pid, event.ppid];
      this.#alive.set(event.lane, { pid: event.pid, ppid: event.ppid, fromMs: event.t });
    }
    this.#note(event, change);
    if (state === undefined || state === "exited") return;
    const open = this.#open.get(event.lane);
    const label = this.#label(event, state, change.lane) ?? (open?.state === state ? open.label : "");
    if (open?.state === state && open.label === label) return;
    this.#close(event.lane, event.t);
    this.#open.set(event.lane, { state, label, pid: event.pid, fromMs: event.t });
  }

  /** What stands beside the lanes: values, hand-overs, words. */
  #note(event: LaneEvent, { taken, freed }: LaneChange): void {
    const { lane, t: ms } = event;
    if (taken !== undefined) this.#take(taken, lane, ms);
    for (const lock of freed) this.#give(lock, lane, ms);
    switch (event.type) {
      case "write":
        this.#write(event.value, ms);
        break;
      case "spawn":
        this.#spawn(event);
        break;
      case "say":
      case "adopted":
      case "refused":
      case "rejected":
        this.#builder.mark(lane, ms, eventText(event));
        break;
    }
  }

  #write(value: unknown, ms: number): void {
    if (this.#shared !== undefined && typeof value === "number") this.#builder.count(this.#shared, ms, value);
  }

  #spawn({ lane, ppid, t: ms }: LaneEvent): void {
    const from = this.#fold.lanePid(ppid)?.lane;
    if (from === undefined || from === lane) return;
    const [fromLane, toLane] = [this.#builder.laneIndex(from), this.#builder.laneIndex(lane)];
    this.#builder.arrow({ kind: "spawn", name: "", fromLane, fromMs: ms, toLane, toMs: ms });
  }

  #take(lock: string, lane: string, ms: number): void {
    this.#builder.owner(lock, ms, this.#builder.laneIndex(lane));
    const given = this.#given.get(lock);
    this.#given.delete(lock);
    if (given === undefined || given.lane === lane) return;
    this.#builder.arrow({
      kind: "lock",
      name: clean(lock),
      fromLane: this.#builder.laneIndex(given.lane),
      fromMs: given.ms,
      toLane: this.#builder.laneIndex(lane),
      toMs: ms,
    });
  }

  #give(lock: string, lane: string, ms: number): void {
    this.#given.set(lock, { lane, ms });
    this.#builder.owner(lock, ms, -1);
  }

  /** Why it is in this state; undefined if the event says nothing about it. */
  #label(event: LaneEvent, state: ChartState, lane: LaneNow): string | undefined {
    const locks = [...lane.held].join(", ");
    const held = lane.fence === undefined ? locks : t("export.number", { held: locks, fence: lane.fence });
    if (state === "holds") return held;
    if (state === "stopped") return held === "" ? "" : t("export.stoppedHolding", { held });
    if (state === "reads") return event.type === "read" ? shortValueText(event.value) : undefined;
    switch (event.type) {
      case "run":
        return event.text ?? "";
      case "ready":
      case "write":
      case "zombie":
        return "";
      case "refused":
      case "rejected":
        return eventText(event);
      case "join":
        return `${event.on} (join)`;
      case "wait": {
        const owner = event.owner === undefined ? undefined : this.#fold.lanePid(event.owner)?.lane;
        const wanted = owner === undefined ? event.on : `${event.on} (${owner})`;
        return held === "" ? wanted : t("export.holding", { wanted, held });
      }
      default:
        return undefined;
    }
  }

  #exit(event: EventOf<"exit">, { freed }: LaneChange): void {
    for (const lock of freed) this.#give(lock, event.lane, event.t);
    this.#finish(event.lane, event.t, eventText(event), hasFailed(event));
  }

  #finish(lane: string, ms: number, ending: string, failed: boolean): void {
    const life = this.#alive.get(lane);
    this.#close(lane, ms);
    this.#alive.delete(lane);
    if (life !== undefined)
      this.#builder.lane(lane)?.addLife({ ...life, toMs: Math.max(life.fromMs, ms), ending, failed });
  }

  #close(lane: string, ms: number): void {
    const open = this.#open.get(lane);
    this.#open.delete(lane);
    if (open !== undefined) this.#builder.add(lane, { ...open, toMs: ms });
  }
}
