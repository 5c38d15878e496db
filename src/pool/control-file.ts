/** The pool's own control page, with its file. A worker, which need not load `node:fs` for it, only maps it: control.ts. */
import { closeSync, ftruncateSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { folderAlias } from "../os/alias.ts";
import { joinPath, systemPath, uniqueFolder } from "../os/paths.ts";
import { temporary } from "../process/tempfile.ts";
import { ControlPage, LINE_BYTES } from "./control.ts";

export class ControlFile extends ControlPage {
  private constructor(
    /** To be inherited by the workers. */
    readonly fd: number,
    memory: Uint8Array<ArrayBuffer>,
  ) {
    super(memory);
  }

  /** A new page for so many workers. Its file has no name any more when this returns: nothing is left to clear up. */
  static create(workers: number): ControlFile {
    const folder = temporary((parent) => uniqueFolder(joinPath(parent, "lanes-map-")));
    using alias = folderAlias(folder);
    try {
      const path = join(alias.path, "control");
      const fd = openSync(path, "wx+", 0o600);
      ftruncateSync(fd, Math.ceil((workers * LINE_BYTES) / 4096) * 4096);
      return new ControlFile(fd, Bun.mmap(path, { shared: true }));
    } finally {
      rmSync(systemPath(folder), { recursive: true, force: true });
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}
