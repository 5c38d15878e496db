/** The user's place in errors of the library's own. */
import { LanesError } from "../errors.ts";
import { userFrames } from "../thrown.ts";
import { RemoteError } from "./errors.ts";
import type { Named } from "./place/place.ts";

/** Where a call came from, for lanes' own errors that have no line of the user's. */
export class Asked {
  declare readonly stack: string;

  /**
   * Called in it, for a frame that ends with a call is gone.
   * @param above the function of the library that the user called, so that the frames kept are the user's.
   */
  constructor(above?: Named) {
    Error.captureStackTrace(this, above);
  }

  /** The error with the user's frames alone: its own, or this call's. */
  placed(error: Error): Error {
    if (!(error instanceof LanesError) || error instanceof RemoteError) return error;
    const own = userFrames(error.stack ?? "");
    error.stack = [`${error.name}: ${error.message}`, ...(own.length > 0 ? own : userFrames(this.stack))].join("\n");
    return error;
  }

  /** Does something, and places what it throws. */
  placing<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof Error ? this.placed(error) : error;
    }
  }
}
