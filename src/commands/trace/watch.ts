/**
 * The lanes of a trace while it goes on, at the bottom of the terminal. What the command writes to this terminal goes through a
 * pipe, so that it stands above them, whole; its stdin is its own, and no key is taken from it.
 */
import { closeSync, createReadStream } from "node:fs";
import { canDraw } from "../../cli/audience.ts";
import { terminalOn } from "../../cli/terminal-on.ts";
import { openPipe, type Pipe } from "../../os/files/pipe.ts";
import { writeAll } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import type { TraceLanes } from "../../recording/trace-lanes.ts";
import { traceLines } from "../../show/trace/trace-lanes.ts";
import { namesOf } from "../../show/trace/trace-words.ts";
import { LiveFrame, PATIENCE_MS } from "../../terminal/live-frame.ts";
import type { TraceRequest } from "./request.ts";

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

/** Begins to show them, if stderr can be drawn on; with --jsonl the events are there already. */
export function watchTrace(request: TraceRequest, lanes: TraceLanes): TraceWatch | undefined {
  if (!canDraw(2) || request.options.jsonl) return undefined;
  const terminal = terminalOn(2, request);
  const beganMs = performance.now();
  const lines = (room: number) => {
    const nowMs = performance.now() - beganMs;
    const view = { lanes: lanes.list(nowMs), others: lanes.others, nowMs };
    const rows = Math.min(ROWS, room - 1);
    return traceLines(view, namesOf(view.lanes), terminal.style, rows).slice(0, Math.max(1, rows));
  };
  const live = new LiveFrame({ terminal, lines, patienceMs: PATIENCE_MS, belowOthers: true });
  live.start();
  const pipes = new Map<1 | 2, Pipe>();
  for (const fd of [1, 2] as const) {
    const pipe = isTerminal(fd) ? openPipe() : null;
    if (pipe !== null) pipes.set(fd, pipe);
  }
  const ends = [...pipes].map(([fd, { read }]) => passOn(read, fd, (bytes) => live.giveWay(bytes)));
  const end = () => {
    live.stop();
    terminal.restore();
  };
  return {
    output: new Map([...pipes].map(([fd, { write }]) => [fd, write])),
    started: () => {
      for (const { write } of pipes.values()) closeSync(write);
    },
    drained: async () => {
      end();
      await Promise.race([Promise.all(ends), Bun.sleep(DRAIN_MS)]);
    },
    end,
  };
}

/** Writes what comes out of a pipe to a descriptor, after room was made for it. */
function passOn(from: number, to: 1 | 2, makeRoom: (bytes: string | Uint8Array) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stream = createReadStream("", { fd: from });
  stream.on("data", (bytes) => {
    makeRoom(bytes);
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
