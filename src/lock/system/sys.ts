/** The system calls of the lock (sys-calls.ts), on this platform. */
import { isLinux } from "../../os/platform.ts";
import type { Sys } from "./sys-calls.ts";
import { linuxSys } from "./sys-linux.ts";

let chosen: Sys | undefined;

/** The system calls, on this platform. @throws LanesError where there is no C library to call. */
export function sys(): Sys {
  chosen ??= isLinux ? linuxSys() : (require("./sys-node.ts") as typeof import("./sys-node.ts")).nodeSys();
  return chosen;
}
