/**
 * The lanes of a trace while it goes on, at the bottom of the terminal. What the command writes to this terminal goes through a
 * pipe, so that it stands above them, whole; its stdin is its own, and no key is taken from it.
 */
import { closeSync, createReadStream } from "node:fs";
import { canDraw, styleOn } from "../../cli/audience.ts";
import { terminalOn } from "../../cli/terminal-on.ts";
import { openPipe, type Pipe } from "../../os/files/pipe.ts";
import { writeAll } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import type { TraceLanes } from "../../recording/trace-lanes.ts";
import { traceLines } from "../../show/trace/trace-lanes.ts";
import { namesOf } from "../../show/trace/trace-words.ts";
import { Frame } from "../../terminal/terminal.ts";
import type { TraceRequest } from "./request.ts";

const FRAME_MS = 100;
/** What runs for less shows nothing, ms. */
const PATIENCE_MS = 300;
/** Output that those who outlive the command may still write is not waited for longer than this, ms. */
const DRAIN_MS = 200;
const ROWS = 16;

export interface TraceWatch {
  /** Where the command's stdout and stderr go, if not to ours: the write ends of pipes. */
  readonly output: ReadonlyMap<number, number>;
  /** The command has its ends of the pipes: ours are closed. */
  started(): void;
  /** Resolves when all it wrote has been passed on. */
  drained(): Promise<void>;
  end(): void;
}

/** Begins to show them, if stderr can be drawn on. */
export function watchTrace(request: TraceRequest, lanes: TraceLanes): TraceWatch | undefined {
  if (!canDraw(2)) return undefined;
  const frame = new Frame(terminalOn(2, request));
  const beganMs = performance.now();
  const draw = () => {
    const nowMs = performance.now() - beganMs;
    if (nowMs < PATIENCE_MS) return;
    const view = { lanes: lanes.list(nowMs), others: lanes.others, nowMs };
    const rows = Math.min(ROWS, frame.terminal.rows - 2);
    frame.draw(traceLines(view, namesOf(view.lanes), styleOn(2, request), rows).slice(0, Math.max(1, rows)));
  };
  const timer = setInterval(draw, FRAME_MS);
  const pipes = new Map<1 | 2, Pipe>();
  for (const fd of [1, 2] as const) {
    const pipe = isTerminal(fd) ? openPipe() : null;
    if (pipe !== null) pipes.set(fd, pipe);
  }
  const ends = [...pipes].map(([fd, { read }]) => passOn(read, fd, () => frame.clear()));
  return {
    output: new Map([...pipes].map(([fd, { write }]) => [fd, write])),
    started: () => {
      for (const { write } of pipes.values()) closeSync(write);
    },
    drained: async () => {
      clearInterval(timer);
      await Promise.race([Promise.all(ends), Bun.sleep(DRAIN_MS)]);
      frame.clear();
    },
    end: () => clearInterval(timer),
  };
}

/** Writes what comes out of a pipe to a descriptor, after room was made for it. */
function passOn(from: number, to: 1 | 2, makeRoom: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stream = createReadStream("", { fd: from });
  stream.on("data", (bytes) => {
    makeRoom();
    try {
      writeAll(to, bytes);
    } catch {
      // the terminal is gone; the command is about to hear of it
    }
  });
  stream.on("close", resolve);
  stream.on("error", () => resolve());
  return promise;
}
