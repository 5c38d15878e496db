/**
 * What a job writes, kept apart from everything else: stdout and stderr each in a nameless file of its own (files.ts), or the
 * files of `--results`, passed on when the job has ended. The job writes to a file and so is never held up, and lanes does
 * not move a byte until then. What a job leaves running may go on writing: no other job's file is open to it.
 */
import { closeSync, readSync } from "node:fs";
import { LanesError } from "../../errors.ts";
import type { Pipe } from "../../os/files/pipe.ts";
import { nowMs } from "../../recording/clock.ts";
import type { DiskSpace } from "./disk-space.ts";
import { diskFull, type JobFile, type JobStreams } from "./files.ts";
import type { LinePump } from "./lines.ts";
import type { Written } from "./order.ts";
import type { Outlet, Stored } from "./outlet.ts";

/** What only `--line-buffer` needs, loaded for it. */
const pipes = () => require("../../os/files/pipe.ts") as typeof import("../../os/files/pipe.ts");
const pumps = () => require("./lines.ts") as typeof import("./lines.ts");

/** Bytes of stderr shown for a failed job. */
const TAIL_BYTES = 2048;

/** What a job may write to `--line-buffer` before somebody has to read it: a pipe's usual 64 KiB wake lanes four times as often. */
const PIPE_BYTES = 256 << 10;
/** So many at the most: what a user's pipes may hold together is limited (64 MiB; pipe(7), pipe-user-pages-soft). */
const LARGE_PIPES = 64;

const NOTHING = Buffer.alloc(0);

/** What was captured of a job that has ended. */
export interface Captured {
  /** Still to be passed on. */
  readonly written: Written;
  /** Bytes of stdout. */
  readonly received: number;
  /** The end of stderr. */
  readonly tail: Buffer;
  /** Something may be missing. */
  readonly problem?: LanesError | undefined;
  /** Nobody has read it, and the run is being stopped: not to be taken for done. */
  readonly left?: boolean;
}

/** Where a job's output goes while it runs. */
export interface Capture {
  readonly stdio: readonly [out: number | "pipe" | "inherit", err: number | "pipe" | "inherit"];
  /** The files it goes to, where it does. */
  readonly files?: JobStreams;
  /** The job was started. */
  begin(child: Bun.Subprocess): void;
  /** The job has ended: what it wrote. */
  end(): Captured | Promise<Captured>;
  /** The job was not started, or what it wrote is not wanted. */
  drop(): void;
}

/** @param space of the disk where the files are. */
export function captureToFiles(out: JobFile, err: JobFile, space: DiskSpace): Capture {
  const startedMs = nowMs();
  return {
    stdio: [out.writeFd, err.writeFd],
    files: { out, err },
    begin: () => {
      out.started();
      err.started();
    },
    drop: () => {
      for (const file of [out, err]) {
        file.started();
        file.release();
      }
    },
    end: () => {
      const written = { out: stored(out), err: stored(err) };
      const problem = space.problem(startedMs);
      return { written, received: written.out?.end ?? 0, tail: tailOf(written.err), problem };
    },
  };
}

/** `--line-buffer`: whole lines are passed on as they come. @throws what pipe2(2) throws (EMFILE …). */
export function captureLines(
  outlets: { out: Outlet; err: Outlet },
  tag: Uint8Array | null,
  slot: number,
  hurry: AbortSignal,
): Capture {
  const { openPipe, closePipe } = pipes();
  const { LinePump } = pumps();
  const out = openPipe(slot <= LARGE_PIPES ? PIPE_BYTES : undefined);
  const err = orClose(out, openPipe);
  let pumping: { out: LinePump; err: LinePump } | null = null;
  return {
    stdio: [out?.write ?? "pipe", err?.write ?? "pipe"],
    begin: (child) => {
      for (const pipe of [out, err]) if (pipe !== null) closeSync(pipe.write);
      pumping = {
        out: reading(out, child.stdout, (stream) => new LinePump(stream, outlets.out, tag, false, hurry)),
        err: reading(err, child.stderr, (stream) => new LinePump(stream, outlets.err, tag, true, hurry)),
      };
    },
    drop: () => {
      for (const pipe of [out, err]) if (pipe !== null) closePipe(pipe);
    },
    end: async () => {
      await Promise.all([pumping?.out.finish(), pumping?.err.finish()]);
      const tail = pumping?.err.tail ?? NOTHING;
      const problem = problemOf(pumping?.out.problem ?? pumping?.err.problem ?? null);
      const left = pumping?.out.left || pumping?.err.left || false;
      return { written: { out: null, err: null }, received: pumping?.out.bytes ?? 0, tail, problem, left };
    },
  };
}

/** Begins to read our pipe, or Bun's where there is none of ours. */
function reading(
  pipe: Pipe | null,
  theirs: unknown,
  begin: (stream: ReadableStream<Uint8Array>) => LinePump,
): LinePump {
  if (pipe === null) {
    if (!(theirs instanceof ReadableStream)) throw new Error("no pipe");
    return begin(theirs);
  }
  const pump = begin(Bun.file(pipe.read).stream());
  closeSync(pipe.read); // the first read has made a duplicate, which is closed when the stream ends
  return pump;
}

/** Makes another pipe; if there is none to be had, the one before it is of no use. */
function orClose(before: Pipe | null, another: () => Pipe | null): Pipe | null {
  try {
    return another();
  } catch (error) {
    if (before !== null) pipes().closePipe(before);
    throw error;
  }
}

/** `--tty`: the job writes to lanes' own stdout and stderr. */
export function captureNothing(): Capture {
  return {
    stdio: ["inherit", "inherit"],
    begin: () => {},
    drop: () => {},
    end: () => ({ written: { out: null, err: null }, received: 0, tail: NOTHING }),
  };
}

/** Why a stream was not passed on whole, in words. */
function problemOf(error: Error | null): LanesError | undefined {
  if (error === null || error instanceof LanesError) return error ?? undefined;
  return diskFull(error) ?? new LanesError("error.output", { reason: error.message }, { cause: error });
}

function stored(file: JobFile): Stored | null {
  const size = file.size();
  if (size > 0) return { file, start: 0, end: size };
  file.release();
  return null;
}

/** The end of a stream that was kept. */
export function tailOf(from: Stored | null): Buffer {
  if (from === null) return NOTHING;
  const length = Math.min(TAIL_BYTES, from.end - from.start);
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(from.file.fd, buffer, 0, length, from.end - length));
}
