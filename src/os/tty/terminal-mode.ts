/**
 * How a terminal treats what is typed (termios(3)), as the C library tells and sets it. Set as a whole each time, whatever
 * anybody thinks it was before: commands that were run meanwhile, and shells, change it, too.
 */
import { libcFunctions } from "../libc.ts";
import { isMac } from "../platform.ts";

/** A terminal's mode, for {@link setTerminalMode}. */
export type TerminalMode = Readonly<Uint8Array>;

/** Enough for struct termios anywhere: 60 bytes on Linux, 72 on macOS. */
const BYTES = 128;
/** Where its output flags are, bytes; a tcflag_t is an int on Linux, a long on macOS. */
const [OUTPUT_FLAGS, FLAG_BYTES] = isMac ? [8, 8] : [4, 4];
/** tcsetattr's TCSANOW. To wait until the terminal has shown everything could take for ever. */
const NOW = 0;

const int = { returns: "i32" } as const;
const openTermios = () =>
  libcFunctions({
    tcgetattr: { args: ["i32", "ptr"], ...int },
    tcsetattr: { args: ["i32", "i32", "ptr"], ...int },
    cfmakeraw: { args: ["ptr"], returns: "void" },
    tcgetpgrp: { args: ["i32"], ...int },
    getpgrp: { args: [], ...int },
  });
let opened: ReturnType<typeof openTermios> | undefined;
const termios = () => {
  opened ??= openTermios();
  return opened;
};

/** The mode a descriptor's terminal is in; undefined if it is none, or gone. @throws Error without a C library. */
export function terminalMode(fd: number): TerminalMode | undefined {
  const mode = new Uint8Array(BYTES);
  return termios().tcgetattr(fd, mode) === 0 ? mode : undefined;
}

/** This mode, but: keys one by one, not echoed, without a meaning to the kernel. What is written is treated as before. */
export function rawMode(mode: TerminalMode): TerminalMode {
  const raw = mode.slice();
  termios().cfmakeraw(raw);
  raw.set(mode.subarray(OUTPUT_FLAGS, OUTPUT_FLAGS + FLAG_BYTES), OUTPUT_FLAGS);
  return raw;
}

/**
 * Sets it at once; quiet if the terminal is gone. In the background the kernel stops the whole process group first
 * (SIGTTOU), and it is set when the group is in the foreground again: ask {@link inForeground} where that must not be.
 */
export function setTerminalMode(fd: number, mode: TerminalMode): void {
  termios().tcsetattr(fd, NOW, mode);
}

/**
 * At its end Bun puts the terminals of stdin, stdout and stderr into the mode that they had when this process began, in the
 * background too, where a shell has it. From now on this process ends without that, if it ends in the background. To be
 * called when nothing more will want to hear of the end.
 */
export function leaveTerminalAtExit(fd: number): void {
  process.on("exit", (code) => {
    if (!inForeground(fd)) libcFunctions({ _exit: { args: ["i32"], returns: "void" } })._exit(code);
  });
}

/** Whether this process may use the terminal: its group has it, or it is not the terminal of this session. */
export function inForeground(fd: number): boolean {
  const { tcgetpgrp, getpgrp } = termios();
  const group = tcgetpgrp(fd);
  return group === -1 || group === getpgrp();
}
