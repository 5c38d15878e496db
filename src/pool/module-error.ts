/** Why a map cannot run with this module, for the person who wrote it. */
import { LanesError, usageError } from "../errors.ts";
import { linesOf } from "../os/bytes/printable.ts";
import { buildId } from "../version.ts";
import type { Broken } from "./worker/module.ts";

/** What a worker found wrong, as an error: usage (exit 2) if it is the module itself, a failure if it is what it did. */
export function moduleError({ reason, name = "", detail }: Broken, file: string): LanesError {
  switch (reason) {
    case "load":
      return usageError("map.module.load", { file, detail: linesOf(detail) });
    case "quit":
      return usageError("map.module.quit", { file, ending: detail });
    case "export":
      return usageError("map.module.export", { file, name, there: detail });
    case "type":
      return usageError("map.module.type", { file, name, type: detail });
    case "init":
      return new LanesError("map.module.init", { file, name, detail: linesOf(detail) });
    case "build":
    case "control":
      return new LanesError("map.worker.replaced", { path: process.execPath, mine: buildId, other: detail });
  }
}
