/**
 * Where an export goes. Whether that can be written is found out before the work begins; it is written when the work is over.
 *
 * Always true: an existing file is replaced only if that was asked for; a file is there whole or not at all (it is written
 * beside its place, and put there by one rename or link). Devices and pipes are written to as they are.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from "node:fs";
import { errnoCode, LanesError, usageError } from "../errors.ts";
import { absolutePath, folderPath, joinPath, lastPart, realPath, systemPath } from "../os/bytes/paths.ts";
import { OutputClosed, writeAll } from "../os/stdout.ts";

/** How much is gathered before it is written, characters. */
const PIECE = 1 << 18;

let made = 0;

export class Destination {
  private constructor(
    /** As the person named it. */
    readonly name: string,
    /** Where it is. */
    readonly path: string,
    readonly kind: "file" | "stream" | "fd",
    readonly force: boolean,
  ) {}

  /**
   * Makes sure that `name` can be written. Leaves nothing behind.
   * @param option who names it, for the error: `--html`.
   * @throws LanesError (usage) if it exists and `force` is not set, is a folder, or cannot be written to.
   */
  static check(option: string, name: string, force: boolean): Destination {
    if (name === "") throw usageError("export.error.empty", { option });
    const fd = /^\/dev\/(?:stdout|stderr|fd\/(\d{1,5}))$/.exec(name);
    if (fd !== null) return Destination.#descriptor(option, name, fd[1] ?? (name === "/dev/stdout" ? 1 : 2));
    const there = statOf(option, name);
    if (there === null) return Destination.#file(option, name, newPath(option, name), force);
    if (there.isDirectory()) throw usageError("export.error.folder", { option, file: name });
    if (there.isCharacterDevice() || there.isFIFO()) return new Destination(name, absolutePath(name), "stream", force);
    if (!there.isFile()) throw usageError("export.error.notFile", { option, file: name });
    if (!force) throw usageError("export.error.exists", { option, file: name });
    return Destination.#file(option, name, realPath(name), force); // the file a link leads to, not the link
  }

  static #descriptor(option: string, name: string, fd: string | number): Destination {
    try {
      fstatSync(Number(fd));
    } catch (error) {
      throw unwritable(option, name, error);
    }
    return new Destination(name, String(fd), "fd", true);
  }

  static #file(option: string, name: string, path: string, force: boolean): Destination {
    const destination = new Destination(name, path, "file", force);
    try {
      const [fd, temporary] = destination.#create();
      closeSync(fd);
      unlinkSync(systemPath(temporary));
    } catch (error) {
      throw unwritable(option, name, error);
    }
    return destination;
  }

  /** Writes all of it. @throws LanesError `export.error.write`: then there is no new file, and the old one is as it was. */
  write(pieces: Iterable<string>): void {
    try {
      if (this.kind === "file") this.#replace(pieces);
      else if (this.kind === "fd") writePieces(Number(this.path), pieces);
      else this.#stream(pieces);
    } catch (error) {
      if (error instanceof OutputClosed) return; // whoever read it has seen enough
      const cause = error instanceof LanesError ? error.cause : error;
      const reason = errnoCode(cause) ?? (cause as Error).message;
      throw new LanesError("export.error.write", { file: this.name, reason }, { cause: error });
    }
  }

  #replace(pieces: Iterable<string>): void {
    const [fd, temporary] = this.#create();
    try {
      try {
        this.#likeBefore(fd);
        writePieces(fd, pieces);
      } finally {
        closeSync(fd);
      }
      this.#put(temporary);
    } catch (error) {
      unlinkSync(systemPath(temporary));
      throw error;
    }
  }

  /** A file that is replaced keeps who may read it. */
  #likeBefore(fd: number): void {
    const before = this.force ? statSync(systemPath(this.path), { throwIfNoEntry: false }) : undefined;
    if (before !== undefined) fchmodSync(fd, before.mode & 0o777);
  }

  /** Gives the finished file its name; without `force`, not if somebody has made one of that name meanwhile. */
  #put(temporary: string): void {
    if (!this.force && linked(temporary, this.path)) unlinkSync(systemPath(temporary));
    else renameSync(systemPath(temporary), systemPath(this.path));
  }

  #create(): [fd: number, path: string] {
    // A short name: the one that was asked for may already be as long as names get.
    const folder = folderPath(this.path);
    const path = joinPath(folder, `.lanes-export-${process.pid}-${++made}`);
    const fd = openSync(
      systemPath(path),
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o666,
    );
    if (Buffer.byteLength(systemPath(lastPart(this.path))) <= 255) return [fd, path];
    closeSync(fd);
    unlinkSync(systemPath(path));
    throw Object.assign(new Error("ENAMETOOLONG"), { code: "ENAMETOOLONG" });
  }

  #stream(pieces: Iterable<string>): void {
    // Not blocking: a pipe that nobody reads is an error, not a wait without end.
    const fd = openSync(systemPath(this.path), constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      writePieces(fd, pieces);
    } finally {
      closeSync(fd);
    }
  }
}

/** Gives a file a second name. False on a file system that cannot. @throws if the name is taken. */
function linked(path: string, name: string): boolean {
  try {
    linkSync(systemPath(path), systemPath(name));
    return true;
  } catch (error) {
    if (lstatSync(systemPath(name), { throwIfNoEntry: false }) !== undefined) throw error;
    return false;
  }
}

/** What is there; null if nothing is. */
function statOf(option: string, name: string): Stats | null {
  try {
    return statSync(systemPath(name));
  } catch (error) {
    if (errnoCode(error) !== "ENOENT") throw unwritable(option, name, error);
    // A link that leads nowhere is somebody's all the same.
    if (lstatSync(systemPath(name), { throwIfNoEntry: false }) !== undefined)
      throw usageError("export.error.link", { option, file: name });
    return null;
  }
}

/** Where a new file will be: the same place, whatever links lead to its folder. */
function newPath(option: string, name: string): string {
  const path = absolutePath(name);
  try {
    return joinPath(realPath(folderPath(path)), lastPart(path));
  } catch (error) {
    throw unwritable(option, name, error);
  }
}

function unwritable(option: string, file: string, error: unknown): LanesError {
  const reason = errnoCode(error) ?? (error as Error).message;
  if (reason === "ENOENT") return usageError("export.error.parent", { option, file, folder: folderPath(file) }, error);
  return usageError("export.error.unwritable", { option, file, reason }, error);
}

function writePieces(fd: number, pieces: Iterable<string>): void {
  let gathered = "";
  for (const piece of pieces) {
    gathered += piece;
    if (gathered.length < PIECE) continue;
    writeAll(fd, gathered);
    gathered = "";
  }
  writeAll(fd, gathered);
}
