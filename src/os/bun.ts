/**
 * What lanes relies on of Bun (pinned in package.json) that is not documented, or is not in its types: here and nowhere else.
 * tests/unit/os/bun.test.ts has a test for each, which says that it still is as is said here, and fails once what would
 * make it superfluous is there.
 */

/** What lies below node:tty. */
interface TtyBinding {
  isTTY(fd: number): boolean;
  readonly TTY: new (fd: number, context: object) => { getWindowSize(size: [number, number]): boolean };
}

/** Whether a descriptor is a terminal, and how large: loading node:tty for it costs 2.5 ms of start-up, this nothing. */
export function ttyBinding(): TtyBinding {
  return (process as unknown as { binding(name: "tty_wrap"): TtyBinding }).binding("tty_wrap");
}

/**
 * kill(2) as Node's process.kill calls it. @returns 0, or an error number, negative or not: to throw where there is no such
 * group, which is how most jobs' groups are found to have ended, costs ten times as much as to ask.
 */
export function rawKill(target: number, signal: number): number {
  return (process as unknown as { _kill(target: number, signal: number): number })._kill(target, signal);
}

/** The address of a function that `dlopen` of bun:ffi has found, for C code that is to call it. It is not in the types. */
export function addressOf<Address>(foreign: unknown): Address | null {
  return (foreign as { readonly ptr?: Address }).ptr ?? null;
}

/** `Bun.connect` on an open descriptor. `FdSocketOptions` is its type; the declared overloads do not take it. */
export function connectDescriptor(options: Bun.FdSocketOptions): Promise<Bun.Socket> {
  return Bun.connect(options as unknown as Bun.UnixSocketOptions);
}

/**
 * A path for bun:ffi in bytes: C strings are passed on as they are, though the types know of text alone.
 * @param terminated ends with a NUL.
 */
export function ffiPath(terminated: Uint8Array): string {
  return terminated as unknown as string;
}

/**
 * The environment variable behind `run.noOrphans` of bunfig.toml, which an executable that reads no bunfig.toml lacks: with
 * it a process is killed by the kernel when its parent ends (PR_SET_PDEATHSIG on Linux, kqueue on macOS).
 */
export const NO_ORPHANS_VARIABLE = "BUN_FEATURE_FLAG_NO_ORPHANS";

/** With it an executable that was compiled with Bun is Bun itself: its type checker, in our case. */
export const BE_BUN_VARIABLE = "BUN_BE_BUN";

/**
 * Whether Bun has put /dev/null in the place of a descriptor that was closed when the process was started (`>&-`), by what
 * /proc/self/fdinfo says of it: it is marked close-on-exec then, which nothing can be that came through an execve(2).
 */
export function isPlaceholder(fdinfo: string): boolean {
  return (Number.parseInt(/^flags:\s*([0-7]+)/m.exec(fdinfo)?.[1] ?? "0", 8) & O_CLOEXEC) !== 0;
}

const O_CLOEXEC = 0o2000000;

/** How much garbage JavaScriptCore lets a small heap collect, bytes: it has no option in Bun, only this variable. */
export const LARGE_HEAP_VARIABLE = "BUN_JSC_largeHeapSize";

/**
 * Makes a file the program's own: `import.meta.main` is true in it, and `require.main` is it. The setter is there, the types
 * know of none.
 */
export function becomeMain(file: string): void {
  (Bun as { main: string }).main = file;
}
