/** Playing a demo for whoever asked: a script (JSON, JSONL) or a person (text). The only place that knows both sides. */
import type { Demo, Params } from "../demos/demo.ts";
import { type Played, playDemo } from "../demos/play.ts";
import { ExitCode } from "../errors.ts";
import { Recording } from "../timeline/recording.ts";
import { writeOut } from "../views/output.ts";
import { demoText } from "../views/text.ts";
import { type Settings, styleOf } from "./settings.ts";
import { stoppable } from "./signals.ts";

export interface ShowOptions {
  readonly params: Params;
  readonly dir: string | undefined;
  readonly format: "text" | "json" | "jsonl";
  readonly settings: Settings;
}

/** Plays a demo and shows it. @returns the exit code: 1 if one of the demo's own checks failed. */
export function showDemo(demo: Demo, options: ShowOptions): Promise<number> {
  return stoppable(async (stopper) => {
    const recording = new Recording();
    if (options.format === "jsonl") recording.subscribe((event) => writeOut(`${JSON.stringify(event)}\n`));
    const played = await playDemo(demo, {
      params: options.params,
      dir: options.dir,
      signal: stopper.signal,
      recording,
    });
    writeOut(shown(played, options));
    return played.document.ok ? ExitCode.ok : ExitCode.failed;
  });
}

function shown(played: Played, { format, settings }: ShowOptions): string {
  if (format === "json") return `${JSON.stringify(played.document)}\n`;
  if (format === "jsonl")
    return `${JSON.stringify({ type: "result", t: played.document.elapsedMs, ...played.document })}\n`;
  return demoText(played, styleOf(settings));
}
