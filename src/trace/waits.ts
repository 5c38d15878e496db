/** Why a process sleeps: from the system call it sleeps in (/proc/PID/syscall) and what that call was given. */

import { closeSync, openSync, readSync } from "node:fs";
import { procPath } from "../os/platform.ts";
import { procText } from "../os/process/proc-of.ts";
import type { TracedWait } from "../recording/results/trace-result.ts";
import { fileOf, type Holders } from "./holders.ts";
import { type BlockingCall, callsOf } from "./syscalls.ts";
import type { Traced } from "./traced.ts";

const calls = callsOf(process.arch);
const FUTEX_PRIVATE = 128;
/** waitid(2): for a pid; for what a descriptor stands for. */
const [P_PID, P_PIDFD] = [1, 3];
const pid32 = (argument: number) => argument | 0;

const nothing: TracedWait = { why: "other", on: "", by: 0 };

/** What a process that sleeps waits for. @param disk it waits where no signal reaches it: for a device, usually. */
export function waitingOf(traced: Traced, disk: boolean, holders: Holders, t: number): TracedWait | "runs" {
  const { pid } = traced;
  const text = procText(`${pid}/syscall`);
  if (text.startsWith("running")) return disk ? { why: "disk", on: "", by: 0 } : "runs";
  const [number = -1, ...args] = text.split(" ", 7).map(Number);
  const call = calls.get(number);
  if (call === undefined) return disk ? { why: "disk", on: "", by: 0 } : nothing;
  return ofCall(call, args, { traced, disk, holders, t });
}

interface Context {
  readonly traced: Traced;
  readonly disk: boolean;
  readonly holders: Holders;
  readonly t: number;
}

function ofCall(call: BlockingCall, args: readonly number[], context: Context): TracedWait {
  const { traced, disk, holders, t } = context;
  const { pid } = traced;
  const [first = 0, second = 0] = args;
  switch (call) {
    case "wait4":
      return child(pid32(first), traced, holders);
    case "waitid":
      return child(first === P_PID ? pid32(second) : first === P_PIDFD ? pidOf(pid, second) : -1, traced, holders);
    case "vfork":
      return { why: "child", on: "", by: youngest(traced, context) };
    case "flock":
    case "fcntl":
      return { why: "lock", on: fileOf(pid, first), by: holders.ofLock(pid, t) };
    case "read":
    case "write":
    case "socket":
      return ofDescriptor(first, call === "write" ? "readers" : "writers", context);
    case "open":
      return { why: disk ? "disk" : "pipe", on: "", by: 0 };
    case "futex":
      return futex(first, second, context);
    case "sleep":
      return { why: "time", on: "", by: 0 };
    case "signal":
    case "pause": {
      // A shell waits for its children so: for the signal that one has ended.
      const by = call === "signal" ? anyChild(traced, context) : 0;
      return by === 0 ? { why: "signal", on: "", by: 0 } : { why: "child", on: "", by };
    }
    case "poll":
      return poll(args, context);
    case "select":
      return first === 0 ? { why: "time", on: "", by: 0 } : events(context);
    case "epoll":
      return events(context);
    case "sync":
      return { why: "disk", on: fileOf(pid, first), by: 0 };
    case "message":
      return { why: "semaphore", on: "", by: 0 };
  }
}

/** For one of several things; where it has children, one of them usually. */
const events = (context: Context): TracedWait => ({ why: "events", on: "", by: anyChild(context.traced, context) });

/** A wait for a child: this one, or any. */
function child(wanted: number, traced: Traced, holders: Holders): TracedWait {
  return { why: "child", on: "", by: wanted > 0 ? wanted : anyChild(traced, { holders }) };
}

/** The only child that lives, or the oldest of several; 0 if there is none. */
function anyChild(traced: Traced, { holders }: Pick<Context, "holders">): number {
  for (const other of holders.processes()) if (other.parent === traced && other.state !== "zombie") return other.pid;
  return 0;
}

function youngest(traced: Traced, { holders }: Pick<Context, "holders">): number {
  let pid = 0;
  for (const other of holders.processes()) if (other.parent === traced && other.state !== "zombie") pid = other.pid;
  return pid;
}

/** The process that a descriptor of a process stands for (pidfd_open(2)). */
function pidOf(pid: number, fd: number): number {
  return Number(/^Pid:\s+(\d+)/m.exec(procText(`${pid}/fdinfo/${fd}`))?.[1] ?? -1);
}

function ofDescriptor(fd: number, end: "readers" | "writers", context: Context): TracedWait {
  const { traced, disk, holders, t } = context;
  const on = fileOf(traced.pid, fd);
  if (on.startsWith("pipe:")) return { why: "pipe", on, by: holders.ofPipe(on, traced.pid, end, t) };
  if (on.startsWith("socket:")) return { why: "socket", on, by: holders.ofSocket(on, traced.pid, t) };
  if (/^\/dev\/(tty|pts\/|console)/.test(on)) return { why: "terminal", on, by: 0 };
  if (disk) return { why: "disk", on, by: 0 };
  const by = on.startsWith("/") ? holders.ofPipe(on, traced.pid, end, t) : 0; // a named pipe
  return on.startsWith("/") ? { why: "pipe", on, by } : { ...events(context), on };
}

function futex(address: number, operation: number, { traced, holders }: Context): TracedWait {
  const shared = (operation & FUTEX_PRIVATE) === 0 ? holders.sharedWord(traced, address) : undefined;
  if (shared === undefined) return { why: "futex", on: "", by: 0 };
  return { why: "semaphore", on: shared, by: holders.ofSemaphore(shared, traced.pid) };
}

/** poll(2) of one descriptor is a wait for it; of none, for time. */
function poll(args: readonly number[], context: Context): TracedWait {
  const [address = 0, count = 0] = args;
  if (count === 0) return { why: "time", on: "", by: 0 };
  const fd = count === 1 ? wordAt(context.traced.pid, address) : -1;
  return fd < 0 ? events(context) : ofDescriptor(fd, "writers", context);
}

/** The int at an address of a process; -1 if it may not be read. */
function wordAt(pid: number, address: number): number {
  try {
    const fd = openSync(procPath(`${pid}/mem`), "r");
    const word = Buffer.alloc(4);
    try {
      return readSync(fd, word, 0, 4, address) === 4 ? word.readInt32LE() : -1;
    } finally {
      closeSync(fd);
    }
  } catch {
    return -1;
  }
}
