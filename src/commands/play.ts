/** Playing a demo for whoever asked: a script (JSON, JSONL) or a person (text). The only place that knows both sides. */
import { isatty } from "node:tty";
import type { Demo, Params } from "../demos/demo.ts";
import { type Played, playDemo } from "../demos/play.ts";
import { ExitCode } from "../errors.ts";
import type { LaneEvent } from "../timeline/event.ts";
import { Recording } from "../timeline/recording.ts";
import { eventLine, isWorthALine } from "../views/events.ts";
import { LiveLanes } from "../views/lanes.ts";
import { writeErr, writeOut } from "../views/output.ts";
import { Terminal } from "../views/terminal.ts";
import { demoText, introLines } from "../views/text.ts";
import { isInteractive, type Settings, styleOf } from "./settings.ts";
import { type Stopper, stoppable } from "./signals.ts";

/** In fewer columns the lanes cannot be told apart: events are shown as lines. */
const LEAST_LIVE_COLUMNS = 40;

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
    const view = watch(demo, options, recording, stopper);
    const { params, dir } = options;
    try {
      const played = await playDemo(demo, { params, dir, signal: stopper.signal, recording }).finally(view.stop);
      writeOut(shown(played, options, view.live));
      return played.document.ok ? ExitCode.ok : ExitCode.failed;
    } finally {
      view.restore();
    }
  });
}

/** Somebody watches the recording while it is made. */
interface View {
  /** The lanes are on the screen: the result need not repeat what they said. */
  readonly live: boolean;
  /** It was played: nothing more will come. */
  stop(): void;
  restore(): void;
}

/** A person at a terminal sees the lanes, or lines where they do not fit; a script gets the events it asked for. */
function watch(demo: Demo, { format, params, settings }: ShowOptions, recording: Recording, stopper: Stopper): View {
  const nobody: View = { live: false, stop: () => {}, restore: () => {} };
  if (format === "jsonl") {
    return {
      ...nobody,
      stop: recording.subscribe((event) => stopper.try(() => writeOut(`${JSON.stringify(event)}\n`))),
    };
  }
  if (format === "json" || settings.quiet) return nobody;
  const style = styleOf(settings);
  if (isInteractive() && style.columns >= LEAST_LIVE_COLUMNS) {
    const terminal = new Terminal({ ...style, out: 1, input: () => process.stdin });
    const live = new LiveLanes({
      live: { demo, params },
      recording,
      terminal,
      onInterrupt: () => stopper.stop("SIGINT"),
    });
    terminal.write(`${introLines(demo.name, style).join("\n")}\n\n`);
    live.start();
    return { live: true, stop: () => live.stop(), restore: () => terminal.restore() };
  }
  if (!isatty(2)) return nobody;
  const line = (event: LaneEvent) =>
    isWorthALine(event) && writeErr(`${eventLine(event, { ...style, color: false })}\n`);
  return { ...nobody, stop: recording.subscribe(line) };
}

function shown(played: Played, { format, settings }: ShowOptions, resultOnly: boolean): string {
  if (format === "json") return `${JSON.stringify(played.document)}\n`;
  if (format === "jsonl")
    return `${JSON.stringify({ type: "result", t: played.document.elapsedMs, ...played.document })}\n`;
  return demoText(played, styleOf(settings), { resultOnly });
}
