/** The pool's own control page, with its file. A worker, which need not load `node:fs` for it, only maps it: control.ts. */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { folderAlias } from "../os/bytes/alias.ts";
import { joinPath, systemPath, uniqueFolder } from "../os/bytes/paths.ts";
import { openMemoryFile, temporary } from "../os/files/tempfile.ts";
import { isLinux, procPath } from "../os/platform.ts";
import { ControlPage, LINE_BYTES } from "./control.ts";

export class ControlFile extends ControlPage {
  private constructor(
    /** To be inherited by the workers. */
    readonly fd: number,
    memory: Uint8Array<ArrayBuffer>,
  ) {
    super(memory);
  }

  /**
   * A new page for so many workers. Its file has no name when this returns: nothing is left to clear up.
   * @throws what write(2) throws where the disk is full (ENOSPC, EDQUOT) or a file may not be that large (EFBIG).
   */
  static create(workers: number): ControlFile {
    const bytes = Math.ceil((workers * LINE_BYTES) / 4096) * 4096;
    if (!isLinux) return ControlFile.#named(bytes);
    const fd = openMemoryFile();
    return new ControlFile(fd, mapped(fd, procPath(`self/fd/${fd}`), bytes));
  }

  /** Where a descriptor has no path, the file has a name until it is mapped. */
  static #named(bytes: number): ControlFile {
    const folder = temporary((parent) => uniqueFolder(joinPath(parent, "lanes-map-")));
    using alias = folderAlias(folder);
    try {
      const path = join(alias.path, "control");
      const fd = openSync(path, "wx+", 0o600);
      return new ControlFile(fd, mapped(fd, path, bytes));
    } finally {
      rmSync(systemPath(folder), { recursive: true, force: true });
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** Written, not made longer: a hole has no place on the disk, and whoever stores into one on a full disk dies (SIGBUS). */
function mapped(fd: number, path: string, bytes: number): Uint8Array<ArrayBuffer> {
  try {
    const page = Buffer.alloc(bytes);
    for (let at = 0; at < bytes; ) at += writeSync(fd, page, at, bytes - at, at);
    return Bun.mmap(path, { shared: true });
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
