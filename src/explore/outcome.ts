/** What a run came to, so that it can be compared with others: without what differs from run to run for no reason of the order. */

import { decodeText } from "../os/bytes/byte-strings.ts";
import { printable } from "../os/bytes/printable.ts";
import type { ExploredOutcome } from "../recording/results/explore-result.ts";
import { signalName } from "../trace/traced.ts";
import type { RunReport } from "./control/messages.ts";

/** So much of a text is shown. */
const SHOWN = 200;

export interface EndedRun {
  readonly report: RunReport;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Files that are not as they were; null: gone. */
  readonly files: ReadonlyMap<string, Buffer | null>;
}

/** An outcome, and the text by which two are the same. */
export interface RunOutcome extends Omit<ExploredOutcome, "count" | "right" | "order"> {
  readonly key: string;
}

/**
 * Two outcomes are the same if the processes wait for the same things for ever; or took too long; or if the command ended alike, and wrote the same lines and the same files. What does not count: which
 * pid a process has (it stands as P2), what matches `ignore`; the order of the lines of stdout, which is that of the processes;
 * of stderr, which is for people, also how often a line was there, and numbers in it.
 */
export function outcomeOf({ report, stdout, stderr, files }: EndedRun, ignore: readonly RegExp[]): RunOutcome {
  const clean = (bytes: Buffer) => cleaned(decodeText(bytes), report, ignore);
  const [out, err] = [clean(stdout), clean(stderr)];
  const contents = [...files].map(
    ([name, bytes]) => [cleaned(name, report, []), bytes === null ? null : clean(bytes)] as const,
  );
  const { code, signal, end } = report;
  const key =
    end === "ended"
      ? JSON.stringify([
          code,
          signal,
          out.split("\n").sort(),
          [...new Set(err.replace(/\d+/g, "#").split("\n"))].sort(),
          contents,
        ])
      : JSON.stringify([end, [...new Set(report.stuck.map(({ on }) => on))].sort()]);
  return {
    key,
    exitCode: code,
    signal: signal === null ? null : signalName(signal),
    end,
    files: Object.fromEntries(contents.map(([name, text]) => [printable(name), text === null ? null : shown(text)])),
    stdout: shown(out),
    stderr: shown(lastLine(err)),
  };
}

/** Without what is ignored; a pid stands as its lane. */
function cleaned(text: string, { processes }: RunReport, ignore: readonly RegExp[]): string {
  const lanes = new Map(processes.map(({ pid, lane }) => [String(pid), `P${lane}`]));
  const named = text.replace(/(?<![\d.])\d{2,}(?![\d.]\d|\d)/g, (digits) => lanes.get(digits) ?? digits);
  return ignore.reduce((rest, pattern) => rest.replace(pattern, ""), named);
}

/** The last line says the most: of a traceback, what went wrong. */
const lastLine = (text: string) => text.trimEnd().split("\n").at(-1) ?? "";

function shown(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.length > SHOWN ? `${trimmed.slice(0, SHOWN)}…` : trimmed;
}
