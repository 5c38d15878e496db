/**
 * Seconds since the machine was started, suspended ones included: what a lease is measured by, which somebody else's clock
 * goes on counting while this machine sleeps. Linux: /proc/uptime (proc_uptime(5)), to a hundredth; macOS: CLOCK_MONOTONIC
 * of clock_gettime(3), which goes on there.
 */
import { readFileSync } from "node:fs";
import { darwinFunctions } from "./darwin.ts";
import { isLinux, procPath } from "./platform.ts";

const CLOCK_MONOTONIC = 6;

let monotonic: (() => number) | undefined;

/** Ms; comparable between processes of one machine. Never goes back. */
export function bootMs(): number {
  if (isLinux) return Number.parseFloat(readFileSync(procPath("uptime"), "latin1")) * 1e3;
  monotonic ??= byLibSystem();
  return monotonic();
}

/** struct timespec: seconds, nanoseconds. */
function byLibSystem(): () => number {
  const { clock_gettime } = darwinFunctions({ clock_gettime: { args: ["i32", "buffer"], returns: "i32" } });
  const time = new BigInt64Array(2);
  return () => {
    clock_gettime(CLOCK_MONOTONIC, time);
    return Number(time[0]) * 1e3 + Number(time[1]) / 1e6;
  };
}
