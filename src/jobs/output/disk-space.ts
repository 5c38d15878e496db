/**
 * Whether there is room left where jobs' output is kept. A job whose output did not fit on the disk was told so by the
 * system, and need not have told anyone; if the disk is full when it has ended, the end of its output may be missing.
 */
import { statfsSync } from "node:fs";
import { LanesError } from "../../errors.ts";
import { systemPath } from "../../os/bytes/paths.ts";
import { nowMs } from "../../recording/clock.ts";

/** With less than this free, bytes, something may be missing. */
const FREE_BYTES = 64 << 10;
/** No disk is written full faster than this, bytes a ms (10 GB/s): what was free a moment ago is not used up yet. */
const FILLED_PER_MS = 1e7;

export class DiskSpace {
  #lookMs = Number.NEGATIVE_INFINITY;
  /** When there was too little last. */
  #shortMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly folder: string) {}

  /**
   * To be asked when a job has ended: what may be wrong with what it wrote. Also of one that seems to have written nothing,
   * which is how a disk looks that was full from the start, and of one that ran while another found the disk full: the
   * other's output, passed on, has made room since.
   */
  problem(startedMs: number): LanesError | undefined {
    const now = nowMs();
    if (now >= this.#lookMs) {
      const free = freeBytes(this.folder);
      this.#lookMs = now + Math.floor((free - FREE_BYTES) / FILLED_PER_MS);
      if (free < FREE_BYTES) this.#shortMs = now;
    }
    return startedMs <= this.#shortMs ? new LanesError("run.error.tempFull", { folder: this.folder }) : undefined;
  }
}

/** Infinity where it cannot be told: a folder that somebody has removed is no full disk. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(systemPath(folder));
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
