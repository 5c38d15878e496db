/**
 * What the kernel says of a file descriptor that may be a terminal. Asked through the binding below node:tty, because
 * loading node:tty costs 2.5 ms of start-up and this costs nothing; the menu's first frame waits for it.
 */
import { ttyBinding } from "../bun.ts";

interface TtyHandle {
  /** Fills in columns and rows; false if the kernel does not say. */
  getWindowSize(size: [number, number]): boolean;
}

const binding = ttyBinding();

/** Whether the descriptor is a terminal. */
export function isTerminal(fd: number): boolean {
  return binding.isTTY(fd);
}

/** One handle a descriptor, made when it is first needed. */
const handles = new Map<number, TtyHandle>();

/** How large a terminal is at this moment: 80 × 24 where it is none or does not say. */
export function windowSize(fd: number): { columns: number; rows: number } {
  const size: [number, number] = [0, 0];
  if (isTerminal(fd)) {
    const handle = handles.get(fd) ?? new binding.TTY(fd, {});
    handles.set(fd, handle);
    handle.getWindowSize(size);
  }
  const [columns, rows] = size;
  return { columns: columns || 80, rows: rows || 24 };
}
