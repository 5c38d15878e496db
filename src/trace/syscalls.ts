/**
 * What a sleeping process sleeps in, by the number of its system call: asm/unistd_64.h for x64, asm-generic/unistd.h for arm64.
 * The second is derived from the kernel's headers and has not been run here.
 */

/** What a system call waits for. The number that follows is the argument that says more. */
export type BlockingCall =
  | "wait4"
  | "waitid"
  | "vfork"
  | "flock"
  | "fcntl"
  | "read"
  | "write"
  | "socket"
  | "poll"
  | "select"
  | "epoll"
  | "futex"
  | "sleep"
  | "signal"
  | "pause"
  | "sync"
  | "message"
  | "open";

type Numbers = Readonly<Record<BlockingCall, readonly number[]>>;

export const x64: Numbers = {
  wait4: [61],
  waitid: [247],
  vfork: [58, 56, 57, 435], // vfork, clone, fork, clone3: who has called vfork sleeps until the child executes
  flock: [73],
  fcntl: [72],
  read: [0, 17, 19, 295, 275, 40], // read pread64 readv preadv splice sendfile
  write: [1, 18, 20, 296], // write pwrite64 writev pwritev
  socket: [42, 43, 288, 44, 45, 46, 47, 299, 307], // connect accept accept4 sendto recvfrom sendmsg recvmsg recvmmsg sendmmsg
  poll: [7, 271], // poll ppoll
  select: [23, 270], // select pselect6
  epoll: [232, 281, 441, 426], // epoll_wait epoll_pwait epoll_pwait2 io_uring_enter
  futex: [202, 449], // futex futex_waitv
  sleep: [35, 230], // nanosleep clock_nanosleep
  signal: [130, 128], // rt_sigsuspend rt_sigtimedwait
  pause: [34],
  sync: [74, 75, 162, 306, 26], // fsync fdatasync sync syncfs msync
  message: [65, 220, 69, 70, 242, 243], // semop semtimedop msgsnd msgrcv mq_timedsend mq_timedreceive
  open: [2, 257, 437], // open openat openat2: of a named pipe
};

export const arm64: Numbers = {
  wait4: [260],
  waitid: [95],
  vfork: [220, 435], // clone clone3
  flock: [32],
  fcntl: [25],
  read: [63, 67, 65, 69, 76, 71],
  write: [64, 68, 66, 70],
  socket: [203, 202, 242, 206, 207, 211, 212, 243, 269],
  poll: [73], // ppoll
  select: [72], // pselect6
  epoll: [22, 441, 426], // epoll_pwait epoll_pwait2 io_uring_enter
  futex: [98, 449],
  sleep: [101, 115],
  signal: [133, 137],
  pause: [],
  sync: [82, 83, 81, 267, 227],
  message: [193, 192, 189, 188, 182, 183],
  open: [56, 437],
};

/** What the number of a system call stands for, on a processor. */
export function callsOf(arch: string): ReadonlyMap<number, BlockingCall> {
  const numbers = arch === "arm64" ? arm64 : x64;
  const calls = new Map<number, BlockingCall>();
  for (const [call, list] of Object.entries(numbers))
    for (const number of list) calls.set(number, call as BlockingCall);
  return calls;
}
