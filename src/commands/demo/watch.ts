/** Playing a demo while a person watches its lanes. */

import { isInteractive, styleOn } from "../../cli/audience.ts";
import type { Settings } from "../../cli/settings.ts";
import type { Stopper } from "../../cli/stop.ts";
import { terminalOn } from "../../cli/terminal-on.ts";
import type { Demo } from "../../demos/define.ts";
import { type Played, type PlayOptions, playDemo } from "../../demos/play.ts";
import { writeErr } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import type { Recording } from "../../recording/recording.ts";
import { EventLog } from "../../show/event-log.ts";
import { eventLine } from "../../show/events.ts";
import { LiveLanes } from "../../show/lanes.ts";
import type { Key } from "../../terminal/keyboard.ts";
import type { LiveKeys } from "../../terminal/live-frame.ts";
import type { Terminal } from "../../terminal/terminal.ts";

export interface LivePlay extends Omit<PlayOptions, "signal" | "recording"> {
  readonly recording: Recording;
  readonly stopper: Stopper;
}

/** Thrown when the person left the demo, and not the program: Esc (back), or Ctrl-D (nothing more will be typed). */
export class Left extends Error {
  override readonly name = "Left";
  constructor(readonly key: typeof Key.escape | typeof Key.end) {
    super("left");
  }
}

/**
 * Does work while a view of it is drawn. Ctrl-C in the view stops the command.
 * @throws what the work throws; Left, the stopper's reason: work ends with its signal's reason.
 */
export async function whileDrawn<T>(
  stopper: Stopper,
  view: (keys: LiveKeys) => { start(): void; stop(): void },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const leaving = new AbortController();
  const live = view({
    onInterrupt: () => stopper.stop("SIGINT"),
    onLeave: (key) => leaving.abort(new Left(key)),
  });
  live.start();
  try {
    return await work(AbortSignal.any([stopper.signal, leaving.signal]));
  } finally {
    live.stop();
  }
}

/**
 * Plays a demo with its lanes drawn on the terminal, where they stay.
 * @returns also its lanes as they are to be drawn when the terminal has another size.
 * @throws as `playDemo`; Left.
 */
export async function playLive(
  demo: Demo,
  options: LivePlay,
  terminal: Terminal,
): Promise<{ played: Played; lanes: () => readonly string[] }> {
  const { params, recording, stopper } = options;
  let lanes = (): readonly string[] => [];
  const played = await whileDrawn(
    stopper,
    (keys) => {
      const live = new LiveLanes({ live: { demo, params }, recording, terminal, keys });
      lanes = () => live.lines();
      return live;
    },
    (signal) => playDemo(demo, { ...options, signal }),
  );
  return { played, lanes };
}

/** Whether stderr shows a person what goes on: it is a terminal that can be drawn on, and there are keys to stop it with. */
export function drawsOnStderr({ quiet }: Settings): boolean {
  return !quiet && isInteractive(2);
}

/**
 * Does work that draws on stderr, for someone who typed a command. Esc and Ctrl-D stop the command as Ctrl-C does: there
 * is nothing to go back to.
 */
export async function onStderr<T>(
  settings: Settings,
  stopper: Stopper,
  work: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  const terminal = terminalOn(2, settings);
  try {
    return await work(terminal);
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    stopper.stop("SIGINT");
    throw stopper.signal.reason;
  } finally {
    terminal.restore();
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
  if (drawsOnStderr(settings)) {
    const { played } = await onStderr(settings, stopper, (terminal) => playLive(demo, options, terminal));
    return { played, drawn: isTerminal(1) };
  }
  const seen = isTerminal(2) && !settings.quiet;
  const style = () => ({ ...styleOn(2, settings), color: false }); // a log: CI often has a terminal, and keeps all of it
  const log = seen ? new EventLog(recording, (event) => writeErr(`${eventLine(event, style())}\n`)) : undefined;
  try {
    return { played: await playDemo(demo, { ...options, signal: stopper.signal }), drawn: false };
  } finally {
    log?.end();
  }
}
