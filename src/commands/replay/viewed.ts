/** From a record to what its viewers want: a demo that was just played, or a recording from a file. */

import { momentsOf, mostTelling } from "../../demos/analysis/moments.ts";
import { isDemoName, loadDemo } from "../../demos/catalog.ts";
import { markedCode } from "../../demos/code-marks.ts";
import type { Demo, Params } from "../../demos/define.ts";
import type { LaneEvent } from "../../recording/event.ts";
import { inSteps } from "../../recording/in-steps.ts";
import type { Saved } from "../../recording/saved.ts";
import { Moments, type Replay } from "../../show/replay/replay.ts";
import { Steps } from "../../show/replay/steps.ts";
import { paramsLine } from "../../show/words.ts";
import { version } from "../../version.ts";

/** A demo's own record. */
export function replayOfDemo(demo: Demo, params: Params, events: readonly LaneEvent[]): Replay {
  const shared = demo.shared && { label: demo.shared.label, expected: demo.shared.expected(params) };
  const code = markedCode(demo);
  return { ...folded(events, shared, code), name: demo.name, params: paramsLine(demo, params) };
}

/** A recording from a file. The code is shown if it is what ran: a demo of this very version. */
export async function replayOfSaved({ header, events }: Saved): Promise<Replay> {
  const { of, demo: name = of, params = {}, shared, lanes } = header;
  const demo = isDemoName(name) ? await loadDemo(name) : undefined;
  const code = demo === undefined || lanes !== version ? undefined : markedCode(demo);
  const list = Object.entries(params).map(([key, value]) => `${key} ${value}`);
  const line = demo === undefined ? list.join("   ") : paramsLine(demo, params);
  return { ...folded(events, shared, code), name, params: line };
}

/** The step of the moment to look at first: the lost update that the result spells out, the death … */
export function mostTellingStep({ moments }: Replay): number | undefined {
  return mostTelling(moments.list)?.step;
}

function folded(recorded: readonly LaneEvent[], shared: Replay["shared"], code: Replay["code"]) {
  const sharing = shared !== undefined;
  const events = inSteps(recorded);
  return { shared, code, steps: new Steps(events, sharing, code), moments: new Moments(momentsOf(events, sharing)) };
}
