/** The files that a run's stdout and stderr go to: open as long as it runs, and looked at now and then. */
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { systemPath } from "../../os/bytes/paths.ts";

/** More in one of them ends the run, bytes. */
const MOST_BYTES = 16 << 20;

export class Outputs {
  readonly fds: readonly number[];

  /** Opens them, empty. @throws the system's error. */
  constructor(files: readonly string[]) {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;
    this.fds = files.map((file) => openSync(systemPath(file), flags, 0o600));
  }

  get areTooLarge(): boolean {
    return this.fds.some((fd) => fstatSync(fd).size > MOST_BYTES);
  }

  close(): void {
    for (const fd of this.fds) closeSync(fd);
  }
}
