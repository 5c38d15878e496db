/**
 * Which system calls are steps, and what they touch (asm/unistd_64.h). Numbers are x64's; nothing else here depends on the
 * processor.
 */

export type CallName =
  | "start"
  | "goes on"
  | "exit"
  | "yield"
  | "open"
  | "read"
  | "write"
  | "truncate"
  | "rename"
  | "unlink"
  | "mkdir"
  | "rmdir"
  | "link"
  | "symlink"
  | "stat"
  | "readdir"
  | "lock"
  | "unlock"
  | "send"
  | "signal";

/** What a process is about to touch. */
export interface Touch {
  readonly call: CallName;
  readonly file: string;
  /** Of a rename or a link: the new name. */
  readonly other?: string;
  readonly changes: boolean;
  readonly how?: "empties" | "makes" | "creates" | "writes";
  /** Where what is read or written lies, bytes. */
  readonly data?: { readonly address: number; readonly length: number };
}

/** What has to be known of the process. */
export interface Subject {
  /** The text at an address; empty if it cannot be read. */
  text(address: number): string;
  /** The number of so many bytes at an address; 0 if it cannot be read. */
  number(address: number, bytes: 2 | 4 | 8): number;
  /** What a descriptor is: an absolute path, `pipe:[…]`, `socket:[…]`; empty if it is closed. */
  descriptor(fd: number): string;
  /** Its current folder. */
  folder(): string;
  /** Who a pid is. */
  lane(pid: number): number | undefined;
}

/** What is shared. */
export interface Scope {
  /** What a file is called if it is shared; undefined if it is not. */
  file(path: string): string | undefined;
  /** What a pipe or a socket is called. */
  pipe(name: string): string;
}

type Decode = (args: readonly number[], subject: Subject, scope: Scope) => Touch | undefined;

const AT_FDCWD = -100;
const [O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC] = [1, 2, 0o100, 0o200, 0o1000];
const AT_REMOVEDIR = 0x200;
const LOCK_UN = 8;
/** fcntl(2): F_SETLK, F_SETLKW, and the same of open file descriptions. */
const lockCommands: ReadonlySet<number> = new Set([6, 7, 37, 38]);
const F_UNLCK = 2;

function pathAt(subject: Subject, address: number, folder = AT_FDCWD): string {
  const path = subject.text(address);
  if (path === "" || path.startsWith("/")) return path;
  const from = (folder | 0) === AT_FDCWD ? subject.folder() : subject.descriptor(folder);
  return `${from}/${path}`;
}

function open(path: string, flags: number, scope: Scope): Touch | undefined {
  const file = scope.file(path);
  if (file === undefined) return undefined;
  const has = (flag: number) => (flags & flag) !== 0;
  if (has(O_CREAT) && has(O_EXCL)) return { call: "open", file, changes: true, how: "creates" };
  if (has(O_TRUNC)) return { call: "open", file, changes: true, how: "empties" };
  if (has(O_CREAT)) return { call: "open", file, changes: true, how: "makes" };
  return has(O_WRONLY) || has(O_RDWR)
    ? { call: "open", file, changes: false, how: "writes" }
    : { call: "open", file, changes: false };
}

function onPath(call: CallName, path: string, scope: Scope, changes: boolean): Touch | undefined {
  const file = path === "" ? undefined : scope.file(path);
  return file === undefined ? undefined : { call, file, changes };
}

function twoPaths(call: CallName, from: string, to: string, scope: Scope): Touch | undefined {
  const [old, other] = [scope.file(from), scope.file(to)];
  if (other !== undefined) return { call, file: old ?? from, other, changes: true };
  return old === undefined ? undefined : { call, file: old, changes: true };
}

/** By its descriptor. `at`: where the data lies, `parts`: as a struct iovec. */
const onDescriptor =
  (call: "read" | "write", at: { readonly fd?: number; readonly data?: "plain" | "parts" } = {}): Decode =>
  (args, subject, scope) => {
    const name = subject.descriptor(args[at.fd ?? 0] ?? -1);
    const changes = call === "write";
    if (!name.startsWith("/"))
      return changes && /^(pipe|socket):/.test(name) ? { call: "send", file: scope.pipe(name), changes } : undefined;
    const file = scope.file(name);
    if (file === undefined) return undefined;
    const [, second = 0, third = 0] = args;
    if (at.data === "plain") return { call, file, changes, data: { address: second, length: third } };
    if (at.data !== "parts") return { call, file, changes };
    return {
      call,
      file,
      changes,
      data: { address: subject.number(second, 8), length: subject.number(second + 8, 8) },
    };
  };

const stat =
  (folder: boolean): Decode =>
  ([first = 0, second = 0], subject, scope) =>
    onPath("stat", folder ? pathAt(subject, second, first) : pathAt(subject, first), scope, false);

const changing =
  (call: CallName, folder: boolean): Decode =>
  ([first = 0, second = 0], subject, scope) =>
    onPath(call, folder ? pathAt(subject, second, first) : pathAt(subject, first), scope, true);

const lock =
  (isUnlock: (args: readonly number[], subject: Subject) => boolean): Decode =>
  (args, subject, scope) => {
    const file = scope.file(subject.descriptor(args[0] ?? -1));
    return file === undefined ? undefined : { call: isUnlock(args, subject) ? "unlock" : "lock", file, changes: true };
  };

const signal =
  (whom: (args: readonly number[], subject: Subject) => number): Decode =>
  (args, subject) => {
    const lane = subject.lane(whom(args, subject));
    return lane === undefined ? undefined : { call: "signal", file: `P${lane}`, changes: true };
  };

const send: Decode = ([fd = -1], subject, scope) => {
  const name = subject.descriptor(fd);
  return name.startsWith("socket:") ? { call: "send", file: scope.pipe(name), changes: true } : undefined;
};

const read = onDescriptor("read", { data: "plain" });
const readParts = onDescriptor("read", { data: "parts" });
const write = onDescriptor("write", { data: "plain" });
const writeParts = onDescriptor("write", { data: "parts" });

const table: Readonly<Record<number, Decode>> = {
  0: read,
  1: write,
  2: ([path = 0, flags = 0], subject, scope) => open(pathAt(subject, path), flags, scope),
  4: stat(false), // stat
  6: stat(false), // lstat
  17: read, // pread64
  18: write, // pwrite64
  19: readParts, // readv
  20: writeParts, // writev
  21: stat(false), // access
  24: () => ({ call: "yield", file: "", changes: false }), // sched_yield
  40: onDescriptor("write"), // sendfile
  44: send, // sendto
  46: send, // sendmsg
  62: signal(([pid = 0]) => Math.abs(pid | 0)), // kill
  72: (args, subject, scope) =>
    lockCommands.has(args[1] ?? 0)
      ? lock(([, , at = 0]) => subject.number(at, 2) === F_UNLCK)(args, subject, scope)
      : undefined, // fcntl
  73: lock(([, operation = 0]) => (operation & LOCK_UN) !== 0), // flock
  76: changing("truncate", false),
  77: ([fd = -1], subject, scope) => onPath("truncate", subject.descriptor(fd), scope, true), // ftruncate
  78: ([fd = -1], subject, scope) => onPath("readdir", subject.descriptor(fd), scope, false), // getdents
  82: ([from = 0, to = 0], subject, scope) => twoPaths("rename", pathAt(subject, from), pathAt(subject, to), scope),
  83: changing("mkdir", false),
  84: changing("rmdir", false),
  85: ([path = 0], subject, scope) => open(pathAt(subject, path), O_CREAT | O_TRUNC, scope), // creat
  86: ([from = 0, to = 0], subject, scope) => twoPaths("link", pathAt(subject, from), pathAt(subject, to), scope),
  87: changing("unlink", false),
  88: ([, path = 0], subject, scope) => onPath("symlink", pathAt(subject, path), scope, true),
  89: stat(false), // readlink
  200: signal(([pid = 0]) => pid), // tkill
  217: ([fd = -1], subject, scope) => onPath("readdir", subject.descriptor(fd), scope, false), // getdents64
  231: () => ({ call: "exit", file: "", changes: false }), // exit_group
  234: signal(([pid = 0]) => pid), // tgkill
  257: ([folder = 0, path = 0, flags = 0], subject, scope) => open(pathAt(subject, path, folder), flags, scope),
  258: changing("mkdir", true),
  262: stat(true), // newfstatat
  263: ([folder = 0, path = 0, flags = 0], subject, scope) =>
    onPath((flags & AT_REMOVEDIR) !== 0 ? "rmdir" : "unlink", pathAt(subject, path, folder), scope, true),
  264: ([from = 0, old = 0, to = 0, name = 0], subject, scope) =>
    twoPaths("rename", pathAt(subject, old, from), pathAt(subject, name, to), scope),
  265: ([from = 0, old = 0, to = 0, name = 0], subject, scope) =>
    twoPaths("link", pathAt(subject, old, from), pathAt(subject, name, to), scope),
  266: ([, folder = 0, path = 0], subject, scope) => onPath("symlink", pathAt(subject, path, folder), scope, true),
  267: stat(true), // readlinkat
  269: stat(true), // faccessat
  285: ([fd = -1], subject, scope) => onPath("write", subject.descriptor(fd), scope, true), // fallocate
  295: readParts, // preadv
  296: writeParts, // pwritev
  316: ([from = 0, old = 0, to = 0, name = 0], subject, scope) =>
    twoPaths("rename", pathAt(subject, old, from), pathAt(subject, name, to), scope),
  326: onDescriptor("write", { fd: 2 }), // copy_file_range
  327: readParts, // preadv2
  328: writeParts, // pwritev2
  332: stat(true), // statx
  437: ([folder = 0, path = 0, how = 0], subject, scope) =>
    open(pathAt(subject, path, folder), subject.number(how, 8), scope), // openat2
  439: stat(true), // faccessat2
};

/** What a call is going to touch; undefined if it is no step. */
export function touchOf(number: number, args: readonly number[], subject: Subject, scope: Scope): Touch | undefined {
  return table[number]?.(args, subject, scope);
}

/** Calls after which the current folder is another. */
export const changesFolder: ReadonlySet<number> = new Set([80, 81]);
/** Calls that let a signal or an event come at a time of its own: alarm, setitimer, timer_settime, timerfd_settime. */
export const setsTimer: ReadonlySet<number> = new Set([37, 38, 223, 286]);
export const SOCKET = 41;
/** Whoever is at the other end may be none of the processes. */
export const CONNECT = 42;
export const MMAP = 9;
