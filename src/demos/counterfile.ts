/**
 * data.json, the file the demos of sharing quarrel about: `{"count":N}`, read and written the way everybody does, with
 * nothing that protects it. What happens to it is recorded: a `read` when the value has been read, a `write` just before
 * it is written, so that a read recorded before a write did happen before it. A `read` of null: it was unreadable.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoCode, LanesError } from "../errors.ts";
import { currentProcess } from "../process/index.ts";
import { nowMs } from "../recording/clock.ts";

/** Waiting for a readable file lasts this long at most, ms: it may have been left unreadable for good. */
const PATIENCE_MS = 100;

export const counterFile = (dir: string): string => join(dir, "data.json");

/** The count in the file, or null if what is there is empty, half-written or damaged. */
export function readCount(file: string): number | null {
  try {
    const data: unknown = JSON.parse(readFileSync(file, "utf8"));
    const count = (data as { count?: unknown } | null)?.count;
    return typeof count === "number" ? count : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Writes the count over what is there. @throws LanesError that names the file: a full disk, a folder in its place. */
export function writeCount(file: string, count: number): void {
  try {
    writeFileSync(file, `${JSON.stringify({ count })}\n`);
  } catch (error) {
    throw new LanesError("error.data.write", { file, reason: errnoCode(error) ?? String(error) }, { cause: error });
  }
}

/**
 * A process's view of the file: reads and writes that are recorded. Somebody else's write is sometimes seen half done
 * (the file is emptied first): then it reads again. Two writes at once can leave the file damaged, and if nobody writes it
 * anew, a process goes on from the last count it knows.
 */
export class SharedCounter {
  #known = 0;

  constructor(readonly file: string) {}

  async read(round: number): Promise<number> {
    const startMs = nowMs();
    for (;;) {
      const count = readCount(this.file);
      currentProcess().emit({ type: "read", value: count, round });
      if (count !== null) this.#known = count;
      if (count !== null || nowMs() - startMs > PATIENCE_MS) return this.#known;
      await Bun.sleep(1);
    }
  }

  write(count: number, round: number): void {
    this.#known = count;
    currentProcess().emit({ type: "write", value: count, round });
    writeCount(this.file, count);
  }
}
