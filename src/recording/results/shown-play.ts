/** A play of a demo, as it is shown: what was played, what came of it, and what happened. */

import type { Recording } from "../recording.ts";
import type { Params, ShownDemo } from "./demo.ts";
import type { Told } from "./outcome.ts";

export interface ShownPlay {
  readonly demo: ShownDemo;
  readonly document: { readonly params: Params; readonly elapsedMs: number; readonly ok: boolean };
  readonly outcome: Told;
  readonly recording: Pick<Recording, "events">;
}
