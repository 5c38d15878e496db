/**
 * What the tracer tells: a line a thing, through a pipe. Short, because a shell script makes a thousand of them a second.
 *
 *     KIND t pid …        t: ms since the origin that the tracer was given
 */

/** A thing that happened to a process. */
export type TraceRecord =
  /** There is a new process. */
  | { readonly is: "new"; readonly t: number; readonly pid: number; readonly ppid: number }
  /** It runs another program. */
  | { readonly is: "exec"; readonly t: number; readonly pid: number; readonly argv: readonly string[] }
  /** It has so many threads. */
  | { readonly is: "threads"; readonly t: number; readonly pid: number; readonly threads: number }
  | { readonly is: "stopped"; readonly t: number; readonly pid: number; readonly signal: number }
  | { readonly is: "continued"; readonly t: number; readonly pid: number }
  /** What it executed gets rights of its own by its file, and got none because it is traced. */
  | { readonly is: "unprivileged"; readonly t: number; readonly pid: number }
  /** The command was sent a signal. */
  | { readonly is: "signal"; readonly t: number; readonly pid: number; readonly signal: number }
  /** It has ended; `cpuMs`: of its own threads, -1 if nobody could say any more. */
  | {
      readonly is: "end";
      readonly t: number;
      readonly pid: number;
      readonly code: number | null;
      readonly signal: number | null;
      readonly cpuMs: number;
    };

/** What the tracer says first: that it can trace, or the error number of the system that does not let it. */
export const READY = "ready";
export const REFUSED = "refused";

export function recordLine(record: TraceRecord): string {
  const { t, pid } = record;
  const head = `${Math.round(t * 1e3) / 1e3} ${pid}`;
  switch (record.is) {
    case "new":
      return `+ ${head} ${record.ppid}\n`;
    case "exec":
      return `! ${head} ${JSON.stringify(record.argv)}\n`;
    case "threads":
      return `t ${head} ${record.threads}\n`;
    case "stopped":
      return `s ${head} ${record.signal}\n`;
    case "continued":
      return `c ${head}\n`;
    case "unprivileged":
      return `u ${head}\n`;
    case "signal":
      return `k ${head} ${record.signal}\n`;
    case "end":
      return `- ${head} ${record.code ?? "x"} ${record.signal ?? "x"} ${record.cpuMs}\n`;
  }
}

/** What a line says. @throws Error if it is none of {@link recordLine}. */
export function readRecord(line: string): TraceRecord {
  const [kind, time, id, ...rest] = line.split(" ");
  const [t, pid, n] = [Number(time), Number(id), Number(rest[0])];
  switch (kind) {
    case "+":
      return { is: "new", t, pid, ppid: n };
    case "!":
      return { is: "exec", t, pid, argv: JSON.parse(rest.join(" ")) as string[] };
    case "t":
      return { is: "threads", t, pid, threads: n };
    case "s":
      return { is: "stopped", t, pid, signal: n };
    case "u":
      return { is: "unprivileged", t, pid };
    case "k":
      return { is: "signal", t, pid, signal: n };
    case "c":
      return { is: "continued", t, pid };
    case "-": {
      const [code, signal, cpu] = rest;
      const orNull = (word = "x") => (word === "x" ? null : Number(word));
      return { is: "end", t, pid, code: orNull(code), signal: orNull(signal), cpuMs: Number(cpu) };
    }
    default:
      throw new Error(`not a record of the tracer: ${line.slice(0, 80)}`);
  }
}
