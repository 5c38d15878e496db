/** What the record says of one part: who had the lease with which number, and what became of the write that came late. */
import { toThousandth } from "../../os/units.ts";
import type { LaneEvent } from "../../recording/event.ts";
import { type Interval, intervalsOf, maxOverlap, type Span } from "../analysis/intervals.ts";
import { accessesOf, findLostUpdate, type LostUpdate } from "../analysis/lost-update.ts";
import { LEASE } from "./process.ts";

export interface FencePart {
  /** The lease's numbers, in the order in which it was got. */
  readonly numbers: readonly number[];
  /** What became of the write of the one that had been stopped; null: it made none. */
  readonly late: "written" | "rejected" | null;
  /** The most that believed at one and the same moment that they hold it. */
  readonly maxHolders: number;
  /** How long two did, ms. */
  readonly bothMs: number;
  readonly stoppedMs: number;
  /** From when it was stopped until another got the lease, ms. */
  readonly nextMs: number;
  readonly example: LostUpdate | null;
}

/** @param events of the whole recording, by time. @param stopped the lane that was stopped. */
export function partOf(events: readonly LaneEvent[], { fromMs, toMs }: Span, stopped: string): FencePart {
  const part = events.filter(({ t }) => t >= fromMs && t <= toMs);
  const holds = intervalsOf(
    part,
    (event) => event.type === "hold" && event.on === LEASE,
    (event) => event.type === "release" && event.on === LEASE,
  );
  const acquired = part.filter((event) => event.type === "hold");
  const own = part.filter(({ lane }) => lane === stopped);
  const at = (type: LaneEvent["type"]) => own.find((event) => event.type === type)?.t ?? Number.NaN;
  const late = own.find(({ type, t }) => t >= at("continued") && (type === "write" || type === "rejected"));
  return {
    numbers: acquired.flatMap(({ fence }) => fence ?? []),
    late: late === undefined ? null : late.type === "write" ? "written" : "rejected",
    maxHolders: maxOverlap(holds),
    bothMs: toThousandth(bothMs(holds, stopped)),
    stoppedMs: toThousandth(at("continued") - at("stopped")),
    nextMs: toThousandth((acquired.find(({ lane }) => lane !== stopped)?.t ?? Number.NaN) - at("stopped")),
    example: findLostUpdate(accessesOf(part)),
  };
}

/** How long the lane had it together with another. */
function bothMs(holds: readonly Interval[], lane: string): number {
  const own = holds.filter((hold) => hold.lane === lane);
  const others = holds.filter((hold) => hold.lane !== lane);
  let ms = 0;
  for (const mine of own)
    for (const other of others)
      ms += Math.max(0, Math.min(mine.toMs, other.toMs) - Math.max(mine.fromMs, other.fromMs));
  return ms;
}
