/**
 * ptrace(2) and waitid(2), as the tracer needs them. The requests and events have the same numbers on x64 and arm64
 * (linux/ptrace.h); nothing here looks into registers.
 */
import { ptr } from "bun:ffi";
import { errno, libcFunctions } from "../os/libc.ts";

const PTRACE_CONT = 7n;
const PTRACE_SYSCALL = 24n;
const PTRACE_DETACH = 17n;
const PTRACE_SETOPTIONS = 0x4200n;
const PTRACE_GETEVENTMSG = 0x4201n;
const PTRACE_SEIZE = 0x4206n;
const PTRACE_LISTEN = 0x4208n;
const PTRACE_GET_SYSCALL_INFO = 0x420en;

const TRACESYSGOOD = 1;
const TRACEFORK = 2;
const TRACEVFORK = 4;
const TRACECLONE = 8;
const TRACEEXEC = 16;
const EXITKILL = 0x100000;
/** Follow everything. */
export const FOLLOW = TRACEFORK | TRACEVFORK | TRACECLONE | TRACEEXEC;
/** Follow everything, tell system calls from signals, and kill all of them should the tracer end, however it does. */
export const CONTROL = FOLLOW | TRACESYSGOOD | EXITKILL;
/** Follow the next command that is started by posix_spawn(3), which uses vfork. */
export const FOLLOW_SPAWN = TRACEVFORK;

/** What a stop is for (`PTRACE_EVENT_*`). */
export const Event = { fork: 1, vfork: 2, clone: 3, exec: 4, stop: 128 } as const;
export const SIGTRAP = 5;

const WEXITED = 4;
const WSTOPPED = 2;
const WNOHANG = 1;
const WNOWAIT = 0x01000000;
const WALL = 0x40000000;
const EINTR = 4;
/** Places in siginfo_t, in units of four bytes: si_code, si_pid, si_status. */
const [CODE, PID, STATUS] = [2, 4, 6];
/** si_code: it exited; it was killed; it was killed and left a core. */
const [CLD_EXITED, CLD_KILLED, CLD_DUMPED] = [1, 2, 3];

/** What has become of a tracee (a thread): it ended, or stands still until it is told to go on. */
export type TraceeStatus =
  | { readonly tid: number; readonly is: "exited" | "killed"; readonly status: number }
  | {
      readonly tid: number;
      readonly is: "stopped";
      readonly signal: number;
      readonly event: number;
      /** It is about to enter a system call, or to leave it: {@link Ptrace.call}. */
      readonly call: boolean;
    };

/** What a tracee that stops for a system call does: enters it with arguments, or leaves it with what it returns. */
export type SystemCall =
  | { readonly is: "enters"; readonly number: number; readonly args: readonly number[] }
  | { readonly is: "leaves"; readonly result: number };

export class Ptrace {
  readonly #c = libcFunctions({
    ptrace: { args: ["i64", "i64", "i64", "i64"], returns: "i64" },
    waitid: { args: ["i32", "i32", "ptr", "i32"], returns: "i32" },
    waitpid: { args: ["i32", "ptr", "i32"], returns: "i32" },
  });
  readonly #info = new Int32Array(32);
  readonly #infoAt = ptr(this.#info);
  readonly #message = new BigUint64Array(1);
  readonly #messageAt = BigInt(ptr(this.#message));
  /** Over a buffer of its own: a small array moves when a part of it is taken. */
  readonly #call = new BigInt64Array(new ArrayBuffer(88));
  readonly #callAt = BigInt(ptr(this.#call));

  constructor() {
    errno(); // finds out where that is: done after a failure, it might overwrite the number
  }

  /** Begins to trace a thread, without stopping it. @returns 0, or the error number. */
  seize(tid: number, options: number): number {
    return Number(this.#c.ptrace(PTRACE_SEIZE, BigInt(tid), 0n, BigInt(options))) === 0 ? 0 : errno();
  }

  /**
   * The next change of any tracee; null if there is none at this moment (`wait` false), "none" if there are no tracees. One
   * that has ended can be looked at in /proc until {@link collect}. Whoever lets tracees stand still takes their changes
   * (`take`), or would hear of the same one again; one that has ended is collected by that.
   */
  next(wait: boolean, take = false): TraceeStatus | null | "none" {
    const info = this.#info;
    for (;;) {
      info[PID] = 0;
      const options = WEXITED | WSTOPPED | WALL | (take ? 0 : WNOWAIT) | (wait ? 0 : WNOHANG);
      if (this.#c.waitid(0, 0, this.#infoAt, options) === 0) break;
      if (errno() !== EINTR) return "none";
    }
    const [tid = 0, code = 0, status = 0] = [info[PID], info[CODE], info[STATUS]];
    if (tid === 0) return null;
    if (code === CLD_EXITED) return { tid, is: "exited", status };
    if (code === CLD_KILLED || code === CLD_DUMPED) return { tid, is: "killed", status: status & 0x7f };
    const [signal, event] = [status & 0x7f, status >> 8];
    return { tid, is: "stopped", signal, event, call: event === 0 && status === (SIGTRAP | 0x80) };
  }

  /** Lets go of one that has ended: from now on its parent can collect it. */
  collect(tid: number): void {
    this.#c.waitpid(tid, null, WALL);
  }

  /** What an event has to tell: the new thread's id, or the id a thread had before it executed. */
  message(tid: number): number {
    this.#c.ptrace(PTRACE_GETEVENTMSG, BigInt(tid), 0n, this.#messageAt);
    return Number(this.#message[0]);
  }

  setOptions(tid: number, options: number): void {
    this.#c.ptrace(PTRACE_SETOPTIONS, BigInt(tid), 0n, BigInt(options));
  }

  /** Lets it go on, with this signal if it is not 0. One that was killed meanwhile does not mind. */
  goOn(tid: number, signal = 0): void {
    this.#c.ptrace(PTRACE_CONT, BigInt(tid), 0n, BigInt(signal));
  }

  /** The same, until it enters or leaves a system call. */
  goOnToCall(tid: number, signal = 0): void {
    this.#c.ptrace(PTRACE_SYSCALL, BigInt(tid), 0n, BigInt(signal));
  }

  /**
   * The call that a tracee stands before or behind; null if it is gone. Arguments are addresses and small numbers: beyond
   * 2^53 they come rounded. (struct ptrace_syscall_info, linux/ptrace.h: the same on every processor.)
   */
  call(tid: number): SystemCall | null {
    const words = this.#call;
    const size = BigInt(words.byteLength);
    if (Number(this.#c.ptrace(PTRACE_GET_SYSCALL_INFO, BigInt(tid), size, this.#callAt)) <= 0) return null;
    const enters = (words[0]! & 0xffn) === 1n;
    if (!enters) return { is: "leaves", result: Number(words[3]) };
    return { is: "enters", number: Number(words[3]), args: Array.from(words.subarray(4, 10), Number) };
  }

  /** Leaves it stopped, as the signal wants it, until it is continued. */
  listen(tid: number): void {
    this.#c.ptrace(PTRACE_LISTEN, BigInt(tid), 0n, 0n);
  }

  /** Traces it no more, and lets it go on. */
  detach(tid: number, signal = 0): void {
    this.#c.ptrace(PTRACE_DETACH, BigInt(tid), 0n, BigInt(signal));
  }
}
