/**
 * The folder a program runs in, fresh for every run: a copy of it as it was at the start, below the folder for temporary files.
 * With it a folder for the run's own temporary files, and what the program writes.
 */
import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { errnoCode, LanesError, usageError } from "../errors.ts";
import { currentFolder, temporaryFolder } from "../os/bytes/bytes.ts";
import { joinPath, realPath, systemPath, uniqueFolder } from "../os/bytes/paths.ts";
import { temporary } from "../os/files/tempfile.ts";
import { procStat } from "../os/process/proc-of.ts";
import { sizeText } from "../os/units.ts";
import { changesIn, contentOf, copyTree, namesIn, removeTree, statOf } from "./trees.ts";

/** A larger folder is not copied for every run. */
const MOST_BYTES = 64 << 20;
const MOST_FILES = 10_000;
const PREFIX = "lanes-explore-";
/** Who has the folder: a pid and when that began. */
const OWNER = "owner";

export class Copies {
  /** All of it. */
  readonly scratch: string;
  /** As it was at the start; undefined in place. */
  readonly base: string | undefined;
  /** Where the program runs. */
  readonly folder: string;
  readonly temporary: string;
  readonly stdout: string;
  readonly stderr: string;
  /** The folder that was copied. */
  readonly original: string;

  /**
   * Takes the copy. @param inPlace there is none: the program runs in the folder itself.
   * @throws LanesError (usage) if the folder is too large, or cannot be read; `explore.error.copy` for a full disk.
   */
  constructor(inPlace: boolean, skipped = temporaryFolder()) {
    removeLeftovers(skipped);
    this.original = realPath(currentFolder());
    this.scratch = realPath(temporary((folder) => uniqueFolder(joinPath(folder, PREFIX))));
    const within = (name: string) => joinPath(this.scratch, name);
    this.base = inPlace ? undefined : within("base");
    this.folder = inPlace ? this.original : within("run");
    this.temporary = within("tmp");
    this.stdout = within("stdout");
    this.stderr = within("stderr");
    try {
      const startTicks = procStat(process.pid)?.startTicks ?? 0;
      writeFileSync(systemPath(within(OWNER)), `${process.pid} ${startTicks}\n`);
      if (this.base !== undefined) {
        measure(this.original);
        copy(this.original, this.base);
      }
    } catch (error) {
      this.remove();
      throw notCopied(error);
    }
  }

  /** Everything as it was. @throws LanesError `explore.error.copy`. */
  fresh(): void {
    removeTree(this.temporary);
    mkdirSync(systemPath(this.temporary), { recursive: true });
    if (this.base === undefined) return;
    removeTree(this.folder);
    copy(this.base, this.folder);
  }

  /** The files of the run that are not as they were, by their names: changed, new, or gone. */
  changed(): Map<string, Buffer | null> {
    return this.base === undefined ? new Map() : changesIn(this.base, this.folder);
  }

  remove(): void {
    removeTree(this.scratch);
  }
}

const isOurs = (name: string) => name.startsWith(PREFIX);

/** @throws LanesError (usage) for a folder that is too large. */
function measure(root: string): void {
  let [bytes, files] = [0, 0];
  const walk = (folder: string): void => {
    for (const name of namesIn(folder)) {
      if (isOurs(name)) continue;
      const path = joinPath(folder, name);
      const stat = lstatSync(systemPath(path));
      files++;
      if (stat.isFile()) bytes += stat.size;
      if (bytes > MOST_BYTES || files > MOST_FILES)
        throw usageError("explore.error.large", { folder: root, size: sizeText(MOST_BYTES), files: MOST_FILES });
      if (stat.isDirectory()) walk(path);
    }
  };
  try {
    walk(root);
  } catch (error) {
    if (error instanceof LanesError) throw error;
    throw usageError("explore.error.read", { reason: (error as Error).message }, error);
  }
}

/** @throws LanesError `explore.error.copy`, `explore.error.full`. */
function copy(from: string, to: string): void {
  try {
    copyTree(from, to, isOurs);
  } catch (error) {
    throw notCopied(error);
  }
}

/** Why there is no copy; what already is an error for people stays as it is. */
function notCopied(error: unknown): LanesError {
  if (error instanceof LanesError) return error;
  const code = errnoCode(error);
  return code === "ENOSPC" || code === "EDQUOT"
    ? new LanesError("explore.error.full", { folder: temporaryFolder() }, { cause: error })
    : new LanesError("explore.error.copy", { reason: (error as Error).message }, { cause: error });
}

/** Removes what is left of a lanes whose controller was killed, too. Never throws. */
function removeLeftovers(base: string): void {
  try {
    for (const name of namesIn(base)) {
      const folder = joinPath(base, name);
      if (!isOurs(name) || statOf(folder)?.uid !== process.getuid?.()) continue;
      const [pid, ticks] = contentOf(joinPath(folder, OWNER)).toString().split(" ").map(Number);
      if (pid !== undefined && ticks !== undefined && procStat(pid)?.startTicks !== ticks) removeTree(folder);
    }
  } catch {
    // not a folder that can be looked through
  }
}
