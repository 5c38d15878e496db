/** What macOS's kernel says, read out of its structures; and, on a Mac, whether it says it so. */
import { describe, expect, test } from "bun:test";
import { freemem, totalmem } from "node:os";
import { availableMemory, availablePages, statisticsBytes } from "../../../src/os/available-memory.ts";
import {
  decodeProcesses,
  decodeTaskInfo,
  kinfoBytes,
  macProcess,
  macProcesses,
  macUsage,
  taskInfoBytes,
} from "../../../src/os/process/mac-processes.ts";

/** A struct kinfo_proc as XNU's fill_user64_proc makes it: offsets by a C compiler, of the structs in bsd/sys/sysctl.h. */
function kinfo(values: { pid: number; state: number; flags?: number; status?: number; name?: string }): Uint8Array {
  const info = new DataView(new ArrayBuffer(kinfoBytes));
  info.setBigInt64(0, 1_700_000_000n, true); // p_starttime.tv_sec
  info.setInt32(8, 123_456, true); // p_starttime.tv_usec; four bytes of padding behind it
  info.setInt32(12, -1, true);
  info.setInt32(32, values.flags ?? 0x4004, true); // p_flag
  info.setUint8(36, values.state); // p_stat
  info.setInt32(40, values.pid, true); // p_pid
  new Uint8Array(info.buffer, 243, 17).set(Buffer.from(`${values.name ?? "lanes"}\0?`).subarray(0, 17)); // p_comm
  info.setUint16(280, values.status ?? 0, true); // p_xstat
  info.setInt32(560, 41, true); // e_ppid
  info.setInt32(564, 40, true); // e_pgid
  return new Uint8Array(info.buffer);
}

test("a process that lives, one that is stopped, one that is ending, and a zombie", () => {
  const bytes = Buffer.concat([
    kinfo({ pid: 42, state: 2 }),
    kinfo({ pid: 43, state: 4, name: "sixteen-letters-" }),
    kinfo({ pid: 44, state: 2, flags: 0x2000 }),
    kinfo({ pid: 45, state: 5, status: 7 << 8 }),
    Buffer.alloc(10), // less than one more
  ]);
  const common = { ppid: 41, group: 40, name: "lanes", startedUs: 1_700_000_000_123_456, exitStatus: 0 };
  expect(decodeProcesses(bytes)).toEqual([
    { ...common, pid: 42, zombie: false, ending: false, stopped: false },
    { ...common, pid: 43, zombie: false, ending: false, stopped: true, name: "sixteen-letters-" },
    { ...common, pid: 44, zombie: false, ending: true, stopped: false },
    { ...common, pid: 45, zombie: true, ending: true, stopped: false, exitStatus: 0x700 },
  ]);
});

test("what a task takes", () => {
  const info = new DataView(new ArrayBuffer(taskInfoBytes));
  info.setBigUint64(8, 5n << 20n, true);
  info.setBigUint64(16, 30n, true);
  info.setBigUint64(24, 12n, true);
  expect(decodeTaskInfo(new Uint8Array(info.buffer))).toEqual({ residentBytes: 5 << 20, ticks: 42, running: false });
  info.setInt32(88, 2, true);
  expect(decodeTaskInfo(new Uint8Array(info.buffer)).running).toBe(true);
});

test("available is what is free or can be read again: pages read ahead are both, and count once", () => {
  const info = new DataView(new ArrayBuffer(statisticsBytes));
  info.setUint32(0, 1000, true); // free_count, speculative_count among them
  info.setUint32(88, 7, true); // purgeable_count
  info.setUint32(92, 300, true); // speculative_count
  info.setUint32(136, 5000, true); // external_page_count
  expect(availablePages(new Uint8Array(info.buffer))).toBe(700 + 5000 + 7);
  info.setUint32(92, 1001, true); // counted a moment later
  expect(availablePages(new Uint8Array(info.buffer))).toBe(5007);
});

test("on any system something is available, and no more than there is", () => {
  expect(availableMemory()).toBeGreaterThan(0);
  expect(availableMemory()).toBeLessThanOrEqual(totalmem());
});

describe.if(process.platform === "darwin")("on a Mac the kernel says so", () => {
  test("of this process, of launchd, which is root's, and of nobody", () => {
    const started = Date.now() - performance.now();
    const own = macProcess(process.pid);
    expect(own).toMatchObject({ pid: process.pid, ppid: process.ppid, zombie: false, ending: false, stopped: false });
    expect(Math.abs((own?.startedUs ?? 0) / 1e3 - started)).toBeLessThan(10_000);
    expect(macProcess(1)).toMatchObject({ pid: 1, ppid: 0, name: "launchd" });
    expect([macProcess(2 ** 30), macUsage(2 ** 30)]).toEqual([undefined, undefined]);
    expect(macProcesses().map(({ pid }) => pid)).toEqual(expect.arrayContaining([1, process.pid, process.ppid]));
  });

  test("what this process takes, and what is available", () => {
    const rss = process.memoryUsage.rss();
    expect(macUsage(process.pid)?.residentBytes).toBeGreaterThan(rss / 4);
    expect(macUsage(process.pid)?.ticks).toBeGreaterThan(0);
    expect(availableMemory()).toBeGreaterThan(freemem() / 2);
  });
});
