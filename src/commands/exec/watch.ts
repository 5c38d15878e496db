/** Shows the processes of a program while it runs: as lanes where there is a terminal to draw on, else line by line. */
import { isInteractive } from "../../cli/audience.ts";
import { terminalOn } from "../../cli/terminal-on.ts";
import { printableLines } from "../../os/bytes/printable.ts";
import { writeErr } from "../../os/stdout.ts";
import { isTerminal, windowSize } from "../../os/tty/tty.ts";
import type { Child } from "../../process/child.ts";
import type { Recording } from "../../recording/recording.ts";
import { EventLog } from "../../show/event-log.ts";
import { eventLine } from "../../show/events.ts";
import { LiveLanes } from "../../show/lanes.ts";
import type { ExecRequest } from "./request.ts";

type Stdio = readonly ["inherit" | "ignore", "inherit" | "pipe", "inherit" | "pipe"];

export interface ExecWatch {
  /** The program's stdin, stdout and stderr. */
  readonly stdio: Stdio;
  /** Resolves when the program has ended, and what it wrote has been passed on. */
  until(child: Child, kill: (signal: NodeJS.Signals) => void): Promise<void>;
}

export function watcher({ options, settings, file }: ExecRequest, recording: Recording): ExecWatch {
  if (!options.live) return { stdio: ["inherit", "inherit", "inherit"], until: (child) => child.ended };
  // With --jsonl stderr has the events already.
  if (isInteractive(2) && !options.jsonl) return drawn(settings, file, recording);
  return logged(options.jsonl ?? false, settings.ascii, recording);
}

/** Lanes at the bottom of the terminal; what the program writes goes above them, and it is not given the keyboard. */
function drawn(settings: ExecRequest["settings"], file: string, recording: Recording): ExecWatch {
  const stdio: Stdio = ["ignore", isTerminal(1) ? "pipe" : "inherit", "pipe"];
  return {
    stdio,
    async until(child, kill) {
      const terminal = terminalOn(2, settings);
      const demo = { name: file, params: [] };
      let typed = 0;
      const stop = () => kill(typed++ === 0 ? "SIGINT" : "SIGKILL");
      const lanes = new LiveLanes({
        live: { demo, params: {} },
        recording,
        terminal,
        keys: { onInterrupt: stop, onLeave: stop },
        belowOthers: true,
      });
      lanes.start();
      try {
        const above = (lines: readonly string[]) => lanes.above(lines.map((line) => printableLines([line])));
        await Promise.all([child.ended, ...child.output.map((stream) => passOn(stream, above))]);
      } finally {
        lanes.stop();
        terminal.restore();
      }
    },
  };
}

/** The events as text, where lanes cannot be drawn. */
function logged(isTold: boolean, ascii: boolean, recording: Recording): ExecWatch {
  return {
    stdio: ["inherit", "inherit", "inherit"],
    async until(child) {
      const style = () => ({ color: false, ascii, columns: isTerminal(2) ? windowSize(2).columns : 120 });
      const log = isTold ? undefined : new EventLog(recording, (event) => writeErr(`${eventLine(event, style())}\n`));
      await child.ended;
      log?.end();
    },
  };
}

/** Hands on whole lines. */
async function passOn(stream: unknown, above: (lines: readonly string[]) => void): Promise<void> {
  if (!(stream instanceof ReadableStream)) return;
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream as ReadableStream<Uint8Array>) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? "";
    above(lines);
  }
  if (rest !== "") above([rest]);
}
