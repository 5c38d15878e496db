/** Parts of recordings under each other, all on one time axis, so that their lengths can be compared by eye. */

import { said, t } from "../../i18n/index.ts";
import { durationText } from "../../os/units.ts";
import type { LaneState } from "../../recording/fold.ts";
import type { Histories } from "../../recording/history.ts";
import type { Picture } from "../../recording/results/outcome.ts";
import { fit, justify, truncate, widest } from "../../terminal/layout.ts";
import { glyphsOf, paintOf, type Style } from "../../terminal/style.ts";
import { legend } from "../legend.ts";
import { axis, instants, statesAt, statesIn, strip, type Window } from "../strips.ts";

type TimelinesPicture = Picture<"timelines">;

/** A part, and the recording it is of. */
export type RecordedPart = TimelinesPicture["parts"][number] & { readonly histories: Histories };

const MAX_LANES = 16;

/** Parts of one recording. Lines of at most `style.columns`. */
export function timelines(picture: TimelinesPicture, histories: Histories, style: Style): string[] {
  return recordedTimelines(
    picture.parts.map((part) => ({ ...part, histories })),
    style,
  );
}

/** Parts of several recordings, at most `most` lanes of each. Lines of at most `style.columns`. */
export function recordedTimelines(parts: readonly RecordedPart[], style: Style, most = MAX_LANES): string[] {
  const paint = paintOf(style);
  const spanMs = Math.max(1e-3, ...parts.map(({ fromMs, toMs }) => toMs - fromMs));
  const nameWidth = widest(parts.flatMap(({ histories }) => histories.lanes.map(({ lane }) => lane)));
  const columns = Math.max(10, Math.min(72, style.columns - nameWidth - 2));
  const indent = " ".repeat(nameWidth + 2);
  const seen: (LaneState | undefined)[][] = [];
  const lines: string[] = [];
  for (const { title, fromMs, toMs, histories } of parts) {
    const window: Window = { fromMs, toMs: fromMs + spanMs, nowMs: toMs, columns };
    const alive = histories.lanes.filter((lane) => lane.lane !== "main" && lane.startMs < toMs && lane.endMs > fromMs);
    const shown = alive.slice(0, most);
    const at = instants(histories, window);
    lines.push(justify(paint.bold(said(title)), durationText(toMs - fromMs), nameWidth + 2 + columns));
    for (const lane of shown) {
      const states = statesAt(lane, at, window);
      seen.push(states);
      lines.push(`${fit(lane.lane, nameWidth)}  ${strip(states, glyphsOf(style), style)}`.trimEnd());
    }
    if (alive.length > shown.length) lines.push(indent + t("view.moreLanes", { n: alive.length - shown.length }));
  }
  lines.push(indent + paint.dim(axis(spanMs, columns).trimEnd()));
  lines.push(...legend(statesIn(seen), style));
  return lines.map((line) => truncate(line, style.columns));
}
