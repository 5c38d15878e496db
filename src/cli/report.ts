/** What an error looks like to a person, and which exit code it means: the only place that knows both. */
import { ExitCode, errnoCode, LanesError, signalExitCode } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { linesOf } from "../os/bytes/printable.ts";
import { EndedBySignal } from "../os/signals.ts";
import { OutputClosed, writeErr } from "../os/stdout.ts";
import { RemoteError } from "../process/errors.ts";

/** Says what went wrong, in one line. @returns the exit code for it. */
export function report(error: unknown): number {
  if (error instanceof OutputClosed) return signalExitCode(13); // SIGPIPE
  if (error instanceof EndedBySignal) return error.exitCode;
  writeErr(`lanes: ${explained(error)}\n`);
  return (error instanceof LanesError ? error.exitCode : null) ?? ExitCode.failed;
}

/** The codes of what the system refused: its own, and SQLite's for a disk that is full, or cannot be written or read. */
const refused = /^(E|SQLITE_(FULL|IOERR|CANTOPEN|READONLY))/;

/** The error in words. */
export function explained(error: unknown): string {
  if (!(error instanceof Error)) return t("error.unexpected", { reason: linesOf(String(error)) });
  if (error instanceof LanesError) return error.message;
  if (error instanceof RemoteError) return t("error.process", { reason: linesOf(error.message) });
  // What the system refused (a full disk, a missing file) is said as the system says it; the rest is our mistake.
  if (refused.test(errnoCode(error) ?? "")) return t("error.system", { reason: error.message });
  return t("error.unexpected", { reason: linesOf(error.stack ?? error.message) });
}
