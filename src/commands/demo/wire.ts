/** Playing a demo for whoever asked: a script (JSON, JSONL) or a person (text). The only place that knows both sides. */

import { isInteractive, styleOn } from "../../cli/audience.ts";
import type { Settings } from "../../cli/settings.ts";
import { stoppable } from "../../cli/stop.ts";
import type { Demo, Params } from "../../demos/define.ts";
import { type Played, playDemo } from "../../demos/play.ts";
import type { FarmStage } from "../../demos/stage.ts";
import { ExitCode } from "../../errors.ts";
import { writeOut } from "../../os/stdout.ts";
import { headerLine } from "../../recording/header.ts";
import { Recording } from "../../recording/recording.ts";
import { outcomeEvent } from "../../recording/results/outcome.ts";
import { demoText } from "../../show/text.ts";
import { type ExportOptions, wantsExport } from "../export-options.ts";
import { playWatched } from "./watch.ts";

export interface ShowOptions {
  readonly params: Params;
  readonly dir: string | undefined;
  readonly farm?: FarmStage | undefined;
  readonly format: "text" | "json" | "jsonl";
  readonly settings: Settings;
  readonly exports?: ExportOptions;
  /** One of several: the text says which, however quiet. */
  readonly titled?: boolean;
}

/** Plays a demo and shows it. @returns the exit code: 1 if one of the demo's own checks failed. */
export async function showDemo(demo: Demo, options: ShowOptions): Promise<number> {
  const { params, dir, farm, format, settings, titled = false, exports = {} } = options;
  const exporting = wantsExport(exports) ? (await import("./export.ts")).demoExport(exports) : null;
  return stoppable(async (stopper) => {
    const recording = new Recording();
    if (format !== "text") {
      const { Stdout } = await import("../stdout.ts");
      const out = new Stdout(stopper);
      if (format === "jsonl") {
        out.write(headerLine({ of: "demo", demo: demo.name, params, ...sharedOf(demo, params) }));
        recording.subscribe((event) => out.write(`${JSON.stringify(event)}\n`));
      }
      const played = await playDemo(demo, { params, dir, farm, recording, signal: stopper.signal });
      const written = () => {
        if (format === "jsonl") out.write(told(played));
        out.write(document(played, format));
        return out.drained();
      };
      return conclude(played, written, () => exporting?.(played, false));
    }
    const { played, drawn } = await playWatched(demo, { params, dir, farm, recording, stopper }, settings);
    // What a script plays is nobody's progress.
    if (settings.state && isInteractive()) {
      const { playOf, remember } = await import("./remember.ts");
      remember(playOf(played));
    }
    const text = demoText(played, styleOn(1, settings), { resultOnly: drawn, brief: settings.quiet, titled });
    return conclude(
      played,
      async () => writeOut(text),
      () => exporting?.(played, !settings.quiet),
    );
  });
}

/** What the lanes share, so that whoever reads the recording need not know the demo. */
function sharedOf({ shared }: Demo, params: Params) {
  return shared === undefined ? {} : { shared: { label: shared.label, expected: shared.expected(params) } };
}

/** Prints what came of it and exports it; nobody to read the one is no reason not to write the other. */
async function conclude(
  { document: { ok } }: Played,
  written: () => Promise<void>,
  exported: () => Promise<number> | undefined,
): Promise<number> {
  let code: number = ok ? ExitCode.ok : ExitCode.failed;
  try {
    await written();
  } finally {
    code ||= (await exported()) ?? ExitCode.ok;
  }
  return code;
}

/** What was told of it, as the event that a replay shows it from. */
function told({ document, outcome }: Played): string {
  const { elapsedMs: t, parent } = document;
  return `${JSON.stringify({ ...outcomeEvent(outcome), t, lane: "main", ...parent })}\n`;
}

function document({ document }: Played, format: "json" | "jsonl"): string {
  if (format === "json") return `${JSON.stringify(document)}\n`;
  return `${JSON.stringify({ type: "result", t: document.elapsedMs, ...document })}\n`;
}
