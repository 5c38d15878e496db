/**
 * What is read of /proc/self at the start (Linux). node:fs is not loaded for it where that would be felt: `lanes lock` brings
 * a reader of its own, and so must be the first to ask.
 */

import { procPath } from "../platform.ts";

export interface ProcReader {
  /** A small file of /proc; empty if it is not there. */
  read(name: string): string;
  /** The descriptors of this process above 2; the one they were listed with may be among them, and is closed. */
  descriptors(): number[];
  /** What a descriptor of this process is, as the kernel names it; empty if it is closed. */
  described(fd: number): string;
}

/** By node:fs, for whoever has loaded it anyway. */
export const nodeProc: ProcReader = {
  read(name) {
    try {
      return nodeFs().readFileSync(procPath(name), "latin1");
    } catch {
      return "";
    }
  },
  descriptors() {
    try {
      const listed = nodeFs().readdirSync(procPath("self/fd")).map(Number);
      return listed.filter((fd) => fd > 2).sort((a, b) => a - b);
    } catch {
      return [];
    }
  },
  described(fd) {
    try {
      return nodeFs().readlinkSync(procPath(`self/fd/${fd}`));
    } catch {
      return "";
    }
  },
};

const nodeFs = () => process.getBuiltinModule("node:fs");
