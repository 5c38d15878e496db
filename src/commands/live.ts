/** Playing a demo while a person watches its lanes. */
import type { Demo } from "../demos/demo.ts";
import { type Played, type PlayOptions, playDemo } from "../demos/play.ts";
import type { Recording } from "../timeline/recording.ts";
import { eventLine, isWorthALine } from "../views/events.ts";
import { LiveLanes } from "../views/lanes.ts";
import { writeErr } from "../views/output.ts";
import { Terminal } from "../views/terminal.ts";
import { isTerminal, windowSize } from "../views/tty.ts";
import type { Settings } from "./settings.ts";
import type { Stopper } from "./signals.ts";

export interface LivePlay extends Omit<PlayOptions, "signal" | "recording"> {
  readonly recording: Recording;
  readonly stopper: Stopper;
}

/** Plays a demo with its lanes drawn on the terminal, where they stay. Ctrl-C in it stops. @throws as `playDemo`. */
export async function playLive(demo: Demo, options: LivePlay, terminal: Terminal): Promise<Played> {
  const { params, recording, stopper } = options;
  const onInterrupt = () => stopper.stop("SIGINT");
  const live = new LiveLanes({ live: { demo, params }, recording, terminal, onInterrupt });
  live.start();
  try {
    return await playDemo(demo, { ...options, signal: stopper.signal });
  } finally {
    live.stop();
  }
}

/**
 * Plays a demo for someone who typed its command: with the lanes live on stderr if a person sits at it; with its events
 * line by line if stderr is a terminal that cannot show them, or nothing can be typed; silently if nobody would see it.
 * @returns also whether the lanes were drawn where stdout goes.
 */
export async function playWatched(
  demo: Demo,
  options: LivePlay,
  settings: Settings,
): Promise<{ played: Played; drawn: boolean }> {
  const { recording, stopper } = options;
  const { ascii, color } = settings;
  const seen = isTerminal(2) && !settings.quiet;
  if (seen && isTerminal(0) && !process.env.CI && process.env.TERM !== "dumb") {
    const terminal = new Terminal({ out: 2, input: () => process.stdin, ascii, color });
    try {
      return { played: await playLive(demo, options, terminal), drawn: isTerminal(1) };
    } finally {
      terminal.restore();
    }
  }
  if (seen) {
    const style = { color: false, ascii, columns: windowSize(2).columns };
    recording.subscribe((event) => {
      if (isWorthALine(event)) writeErr(`${eventLine(event, style)}\n`);
    });
  }
  return { played: await playDemo(demo, { ...options, signal: stopper.signal }), drawn: false };
}
