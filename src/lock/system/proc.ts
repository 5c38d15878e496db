/** Reading /proc (Linux). */

import { procPath } from "../../os/platform.ts";
import { sys } from "./sys.ts";

/** A small file of /proc; empty if it is not there. */
export function readProc(name: string): string {
  try {
    const fd = sys().openToRead(procPath(name));
    if (fd === undefined) return "";
    const buffer = Buffer.allocUnsafe(4096);
    const length = sys().read(fd, buffer);
    sys().close(fd);
    return buffer.toString("latin1", 0, length);
  } catch {
    return "";
  }
}
