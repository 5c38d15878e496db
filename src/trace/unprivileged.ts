/**
 * Programs that get rights of their own by their file (sudo, ping), which the kernel gives them only if nobody traces them, or a
 * tracer that may do anything: to be told, because it changes what they do.
 */
import { isLinux, procPath } from "../os/platform.ts";
import { isPrivileged, mayTraceAll } from "./privileges.ts";
import type { TraceEvent, Watcher } from "./processes.ts";

/** How many are told. */
const MOST = 20;

export class Unprivileged implements Watcher {
  readonly commands: string[] = [];
  readonly #matters = isLinux && !mayTraceAll();

  onEvent(event: TraceEvent): void {
    if (!this.#matters || event.type !== "exec" || this.commands.length >= MOST) return;
    if (isPrivileged(procPath(`${event.pid}/exe`))) this.commands.push(event.command);
  }
}
