/** Where in the user's program a call came from. */
import { fileURLToPath } from "node:url";
import { ownRoot } from "../../os/files/own-files.ts";

/** A place in a file, for people: line and column count from 1. */
export interface CallSite {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const FRAMES = 50;

/** The innermost call that is not lanes' own; null if there is none (a native callback). */
export function callerOf(): CallSite | null {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  try {
    Error.prepareStackTrace = (_error, sites) => sites;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, callerOf);
    for (const site of holder.stack ?? []) {
      const name = site.getFileName();
      const file = name?.startsWith("file:") ? fileURLToPath(name) : name;
      if (!file?.startsWith("/") || file.startsWith(ownRoot) || file.startsWith("/$bunfs/")) continue;
      return { file, line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 };
    }
    return null;
  } finally {
    Error.prepareStackTrace = prepareStackTrace as typeof Error.prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
