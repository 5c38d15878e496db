/**
 * What a job writes, kept apart from everything else: stdout and stderr each in a nameless file of its own (files.ts), or the
 * files of `--results`, passed on when the job has ended. The job writes to a file and so is never held up, and lanes does
 * not move a byte until then. What a job leaves running may go on writing: no other job's file is open to it.
 */
import { fstatSync, readSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { LanesError } from "../errors.ts";
import type { JobFile } from "./files.ts";
import { LinePump } from "./lines.ts";
import type { Written } from "./order.ts";
import type { Outlet, Stored } from "./outlet.ts";

/** Bytes of stderr shown for a failed job. */
const TAIL_BYTES = 2048;
/** With less than this free, bytes, the end of what was written may be missing. */
const FREE_BYTES = 64 << 10;

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
}

/** Where a job's output goes while it runs. */
export interface Capture {
  readonly stdio: readonly [out: number | "pipe" | "inherit", err: number | "pipe" | "inherit"];
  /** The job was started. */
  begin(child: Bun.Subprocess): void;
  /** The job has ended: what it wrote. */
  end(): Captured | Promise<Captured>;
  /** The job was not started, or what it wrote is not wanted. */
  drop(): void;
}

/** @param folder where the files take up room. */
export function captureToFiles(out: JobFile, err: JobFile, folder = tmpdir()): Capture {
  return {
    stdio: [out.writeFd, err.writeFd],
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
      const problem = written.out === null && written.err === null ? undefined : checkFree(folder);
      return { written, received: written.out?.end ?? 0, tail: tailOf(written.err), problem };
    },
  };
}

/** `--line-buffer`: whole lines are passed on as they come. */
export function captureLines(outlets: { out: Outlet; err: Outlet }, tag: Uint8Array | null): Capture {
  let pumps: { out: LinePump; err: LinePump } | null = null;
  return {
    stdio: ["pipe", "pipe"],
    begin: (child) => {
      const [out, err] = [child.stdout, child.stderr];
      if (!(out instanceof ReadableStream) || !(err instanceof ReadableStream)) throw new Error("no pipes");
      pumps = { out: new LinePump(out, outlets.out, tag, false), err: new LinePump(err, outlets.err, tag, true) };
    },
    drop: () => {},
    end: async () => {
      await Promise.all([pumps?.out.finish(), pumps?.err.finish()]);
      const tail = pumps?.err.tail ?? NOTHING;
      return { written: { out: null, err: null }, received: pumps?.out.bytes ?? 0, tail };
    },
  };
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

function stored(file: JobFile): Stored | null {
  const { size } = fstatSync(file.fd);
  if (size > 0) return { file, start: 0, end: size };
  file.release();
  return null;
}

function tailOf(from: Stored | null): Buffer {
  if (from === null) return NOTHING;
  const length = Math.min(TAIL_BYTES, from.end);
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(from.file.fd, buffer, 0, length, from.end - length));
}

/** A job whose output did not fit on the disk was told so by the system, and need not have told anyone. */
function checkFree(folder: string): LanesError | undefined {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < FREE_BYTES ? new LanesError("run.error.tempFull", { folder }) : undefined;
}
