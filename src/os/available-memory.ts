/** How much memory can still be used. */
import { readFileSync } from "node:fs";
import { darwinFunctions } from "./darwin.ts";
import { isLinux, procPath } from "./platform.ts";

/**
 * Bytes that can be used without swapping: free, or used for what can be read again from a disk. (Linux: `MemAvailable`,
 * proc_meminfo(5).) Where the system cannot be asked only what is free.
 */
export function availableMemory(): number {
  try {
    return (isLinux ? byMeminfo() : byStatistics()) ?? process.getBuiltinModule("node:os").freemem();
  } catch {
    return process.getBuiltinModule("node:os").freemem();
  }
}

function byMeminfo(): number | undefined {
  const line = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync(procPath("meminfo"), "latin1"));
  return line === null ? undefined : Number(line[1]) * 1024;
}

const HOST_VM_INFO64 = 4;
/** sizeof(struct vm_statistics64); the kernel counts it in 32-bit words (HOST_VM_INFO64_COUNT). */
export const statisticsBytes = 152;

const open = () => {
  const functions = darwinFunctions({
    mach_host_self: { args: [], returns: "u32" },
    host_page_size: { args: ["u32", "buffer"], returns: "i32" },
    host_statistics64: { args: ["u32", "i32", "buffer", "buffer"], returns: "i32" },
  });
  // Each call gives another right to the same port: one is enough.
  return { ...functions, host: functions.mach_host_self() };
};
let opened: ReturnType<typeof open> | undefined;

/** macOS: the same that its Activity Monitor does not count as used. */
function byStatistics(): number | undefined {
  opened ??= open();
  const { host, host_page_size, host_statistics64 } = opened;
  const pageBytes = new BigUint64Array(1);
  const statistics = new Uint8Array(statisticsBytes);
  const words = new Uint32Array([statisticsBytes / 4]);
  if (host_page_size(host, pageBytes) !== 0) return undefined;
  if (host_statistics64(host, HOST_VM_INFO64, statistics, words) !== 0) return undefined;
  return availablePages(statistics) * Number(pageBytes[0]);
}

/**
 * What struct vm_statistics64 (osfmk/mach/vm_statistics.h of XNU) says can be used, in pages. Free are also those that were read
 * from a file before anybody asked for them (speculative): they are file-backed, too, and count once.
 */
export function availablePages(bytes: Uint8Array): number {
  const statistics = new DataView(bytes.buffer, bytes.byteOffset, statisticsBytes);
  const at = (place: number) => statistics.getUint32(place, true);
  const [free, purgeable, speculative, fileBacked] = [at(0), at(88), at(92), at(136)];
  return Math.max(0, free - speculative) + fileBacked + purgeable;
}
