/**
 * Which system this is: decided here and nowhere else (tests/unit/os/platform.test.ts looks for other places).
 *
 * Two questions. *How* something is done depends on {@link isLinux}: with /proc and the calls that only Linux has, or by
 * libSystem, as on macOS. What the *numbers* are (of signals, in struct termios …) depends on {@link isMac}.
 *
 * The two are not the opposite of each other in one kind of executable that only tests make (scripts/build/compile.ts): one
 * for Linux that does everything as on a Mac, with a stand-in for libSystem. That is how what is done on macOS is run here.
 */

/** The path of the stand-in; put in by the build, in those executables only. */
declare const LANES_LIBSYSTEM: string | undefined;

const standIn = typeof LANES_LIBSYSTEM === "string" ? LANES_LIBSYSTEM : undefined;

/** /proc is there, and the calls that only Linux has may be used. */
export const isLinux: boolean = process.platform === "linux" && standIn === undefined;

/** Linux on a processor whose system calls are known by number (explore/control/calls.ts). */
export const isLinuxX64: boolean = isLinux && process.arch === "x64";

/** Apple's numbers and layouts. */
export const isMac: boolean = process.platform === "darwin";

/** Where the functions are that macOS has in /proc's place. */
export const libSystem: string = standIn ?? "libSystem.B.dylib";

/** Nobody can make a file there. */
const nowhere = "/proc/none";

/** A file of /proc: `self/status`. On other systems nothing is there. */
export const procPath = (name: string): string => `${standIn === undefined ? "/proc" : nowhere}/${name}`;
