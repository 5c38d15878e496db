/**
 * The joblog, in GNU parallel's columns: one line for each job that ended, written when its output is out, in one write, at
 * the end of the file. After a crash at any moment the file holds whole lines and at most one torn one at its end, which the next
 * run cuts off.
 *
 * A newline in a command is kept as a NUL, as GNU parallel does: a line stays a line.
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { LanesError, usageError } from "../errors.ts";
import { decodeText, encodeText } from "../os/bytes/byte-strings.ts";
import { systemPath } from "../os/bytes/paths.ts";

const HEADER = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n";
const LINE = /^(\d+)\t[^\t]*\t *[\d.]+\t *[\d.]+\t\d+\t\d+\t(-?\d+)\t(\d+)\t(.*)$/s;
const CHUNK = 256 << 10;

/** One line of the log. */
export interface Logged {
  readonly seq: number;
  readonly exitValue: number;
  readonly signal: number;
  readonly command: string;
}

/** A job that ended. */
export interface LogLine extends Logged {
  /** The machine it ran on; `:` this one. */
  readonly host: string;
  /** Ms since the epoch. */
  readonly startMs: number;
  readonly runtimeMs: number;
  /** Bytes of stdout. */
  readonly received: number;
}

export class Joblog {
  readonly #fd: number;

  /**
   * Opens the log.
   * @param keep go on with what is there; else begin anew, if that is a joblog.
   * @param onLine is shown every line that is kept.
   * @throws LanesError (usage) if it cannot be opened, or holds something else than a joblog.
   */
  constructor(
    readonly path: string,
    options: { keep: boolean; onLine?: (line: Logged) => void },
  ) {
    try {
      this.#fd = openSync(systemPath(path), constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o666);
    } catch (error) {
      throw usageError("run.error.joblog", { path, reason: (error as Error).message }, error);
    }
    const regular = fstatSync(this.#fd).isFile();
    try {
      const size = !regular ? 0 : options.keep ? this.#replay(options.onLine ?? (() => {})) : this.#empty();
      if (size === 0) this.#append(Buffer.from(HEADER));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Adds the line of a job that ended. @throws LanesError if it cannot be written. */
  record(line: LogLine): void {
    const { seq, host, startMs, runtimeMs, received, exitValue, signal, command } = line;
    const start = (startMs / 1e3).toFixed(3);
    const runtime = (runtimeMs / 1e3).toFixed(3).padStart(10);
    const shown = command.includes("\n") ? command.replaceAll("\n", "\0") : command;
    const text = `${seq}\t${host}\t${start}\t${runtime}\t0\t${received}\t${exitValue}\t${signal}\t${shown}\n`;
    this.#append(encodeText(text));
  }

  close(): void {
    closeSync(this.#fd);
  }

  #append(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    } catch (error) {
      throw new LanesError(
        "run.error.joblogWrite",
        { path: this.path, reason: (error as Error).message },
        { cause: error },
      );
    }
  }

  /** Takes away what is there. Of a file that is no joblog nothing is taken: somebody has mistaken its name. */
  #empty(): number {
    const head = Buffer.allocUnsafe(HEADER.length);
    const text = head.toString("latin1", 0, readSync(this.#fd, head, 0, HEADER.length, 0));
    // What does not begin as one may still be one: a damaged head, or none, before lines that are whole.
    if (!HEADER.startsWith(text)) this.#replay(() => {});
    ftruncateSync(this.#fd, 0);
    return 0;
  }

  /** Reads what is there, and cuts off a line that was never finished. @returns bytes that stay. */
  #replay(onLine: (line: Logged) => void): number {
    const buffer = Buffer.allocUnsafe(CHUNK);
    let partial: Buffer = Buffer.alloc(0);
    let good = 0;
    let lines = 0;
    let known = 0;
    for (let at = 0; ; ) {
      const length = readSync(this.#fd, buffer, 0, CHUNK, at);
      if (length === 0) break;
      at += length;
      const bytes = Buffer.concat([partial, buffer.subarray(0, length)]);
      const end = bytes.lastIndexOf(10) + 1;
      for (const text of decodeLines(bytes.subarray(0, end))) {
        const line = parseLine(text);
        lines += 1;
        if (line !== null) onLine(line);
        if (line !== null || `${text}\n` === HEADER) known += 1;
      }
      good += end;
      partial = Buffer.from(bytes.subarray(end));
    }
    if (known === 0 && (lines > 0 || !HEADER.startsWith(decodeText(partial)))) {
      throw usageError("run.error.notJoblog", { path: this.path });
    }
    if (partial.length > 0) ftruncateSync(this.#fd, good);
    return good;
  }
}

function decodeLines(bytes: Buffer): string[] {
  return bytes.length === 0 ? [] : decodeText(bytes.subarray(0, -1)).split("\n");
}

function parseLine(text: string): Logged | null {
  const [, seq, exitValue, signal, command] = LINE.exec(text) ?? [];
  if (seq === undefined || command === undefined) return null;
  return {
    seq: Number(seq),
    exitValue: Number(exitValue),
    signal: Number(signal),
    command: command.replaceAll("\0", "\n"),
  };
}
