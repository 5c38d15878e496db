/**
 * Starting a command by posix_spawn(3), where Bun.spawn will not do: a child of Bun.spawn is waited for by Bun's own machinery,
 * which loses what a tracer sees of it. Arguments, environment and descriptors are passed on byte for byte; ignored signals
 * stay ignored (but for those that Bun itself ignores), and no signal is blocked.
 */
import { type Pointer, ptr } from "bun:ffi";
import { cString } from "../bytes/byte-strings.ts";
import { libcFunctions } from "../libc.ts";
import { ignoredSignals, numberOf } from "../signals.ts";

const int = { returns: "i32" } as const;
const functions = {
  posix_spawn: { args: ["ptr", "ptr", "ptr", "ptr", "ptr", "ptr"], ...int },
  posix_spawnattr_init: { args: ["ptr"], ...int },
  posix_spawnattr_setflags: { args: ["ptr", "i16"], ...int },
  posix_spawnattr_setsigdefault: { args: ["ptr", "ptr"], ...int },
  posix_spawnattr_setsigmask: { args: ["ptr", "ptr"], ...int },
  posix_spawn_file_actions_init: { args: ["ptr"], ...int },
  posix_spawn_file_actions_adddup2: { args: ["ptr", "i32", "i32"], ...int },
  signal: { args: ["i32", "ptr"], returns: "ptr" },
  waitpid: { args: ["i32", "ptr", "i32"], ...int },
} as const;

let opened: ReturnType<typeof libcFunctions<typeof functions>> | undefined;
const libc = () => {
  opened ??= libcFunctions(functions);
  return opened;
};

/** More than the largest of the structs has anywhere (glibc's posix_spawnattr_t: 336 bytes). */
const STRUCT = 1024;
const SETSIGDEF = 0x04;
const SETSIGMASK = 0x08;
/** SIGPIPE, SIGXFSZ, which Bun ignores in every process; 32 and 33, glibc's own, which its posix_spawn would leave ignored. */
const TO_DEFAULT = [13, 25, 32, 33];
const SIG_IGN = 1;
const ENOEXEC = 8;
const WNOHANG = 1;

export interface Spawn {
  /** The file to execute. */
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which of our descriptors are the command's, by the number they are to have there. */
  readonly descriptors: ReadonlyMap<number, number>;
}

/**
 * Starts it. A script without `#!` is run by `sh`, as execvp(3) does. Returns when the command has begun, or has not.
 * @returns its pid, or the error number.
 */
export function spawnCommand(spawn: Spawn): { readonly pid: number } | { readonly errno: number } {
  const first = start(spawn);
  if (!("errno" in first) || first.errno !== ENOEXEC) return first;
  return start({ ...spawn, path: "/bin/sh", argv: ["/bin/sh", spawn.path, ...spawn.argv.slice(1)] });
}

function start({ path, argv, env, descriptors }: Spawn): { readonly pid: number } | { readonly errno: number } {
  const kept: (Buffer | BigUint64Array)[] = []; // until C has read it
  const pointer = (memory: Buffer | BigUint64Array): Pointer => {
    kept.push(memory);
    return ptr(memory);
  };
  const list = (strings: readonly string[]) =>
    pointer(BigUint64Array.from([...strings.map((text) => BigInt(pointer(cString(text)))), 0n]));
  const c = libc();
  const attributes = Buffer.alloc(STRUCT);
  const actions = Buffer.alloc(STRUCT);
  const signals = Buffer.alloc(128);
  for (const signal of TO_DEFAULT) signals[(signal - 1) >> 3]! |= 1 << ((signal - 1) & 7);
  // Ignored when lanes was started: for whatever reason Bun may have a handler there by now.
  for (const signal of ignoredSignals()) if (signal !== numberOf("SIGCHLD")) c.signal(signal, SIG_IGN as Pointer);
  c.posix_spawnattr_init(attributes);
  c.posix_spawnattr_setflags(attributes, SETSIGDEF | SETSIGMASK);
  c.posix_spawnattr_setsigdefault(attributes, signals);
  c.posix_spawnattr_setsigmask(attributes, Buffer.alloc(128));
  c.posix_spawn_file_actions_init(actions);
  // Onto itself: that takes the mark away by which it would be closed.
  for (const [to, from] of descriptors) c.posix_spawn_file_actions_adddup2(actions, from, to);
  const variables = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`));
  const pid = new Int32Array(1);
  const failed = c.posix_spawn(pid, pointer(cString(path)), actions, attributes, list(argv), list(variables));
  return failed === 0 ? { pid: pid[0]! } : { errno: failed };
}

/** How a child of {@link spawnCommand} ended, as wait(2) gives it; null while it lives (it is asked for once after its end). */
export function endOf(pid: number): number | null {
  const status = new Int32Array(1);
  return libc().waitpid(pid, status, WNOHANG) === pid ? status[0]! : null;
}
