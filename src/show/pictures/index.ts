/** Any picture as lines. */
import type { Histories } from "../../recording/history.ts";
import type { Picture } from "../../recording/results/outcome.ts";
import type { Style } from "../../terminal/style.ts";
import { bars } from "./bars.ts";
import { curve } from "./curve.ts";
import { table } from "./table.ts";
import { timelines } from "./timelines.ts";

/** Draws a picture; `histories` is where timelines are cut from. */
export function draw(picture: Picture, histories: Histories, style: Style): string[] {
  switch (picture.kind) {
    case "bars":
      return bars(picture, style);
    case "curve":
      return curve(picture, style);
    case "table":
      return table(picture, style);
    case "timelines":
      return timelines(picture, histories, style);
  }
}
