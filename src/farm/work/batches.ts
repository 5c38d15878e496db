/** The batches a worker knows: which it can do, how far it has come in each, and why it does not do the others. */
import { stat } from "node:fs/promises";
import { errnoCode, LanesError } from "../../errors.ts";
import { systemPath } from "../../os/bytes/paths.ts";
import { printable } from "../../os/bytes/printable.ts";
import { nowMs } from "../../recording/clock.ts";
import type { FarmConnection } from "../connection.ts";
import { type Spec, unpackSpec } from "../jobs/payload.ts";
import { type OpenBatch, openBatches } from "../jobs/worker-statements.ts";

/** A batch that this worker can do. */
export interface KnownBatch {
  readonly id: number;
  readonly name: string;
  readonly spec: Spec;
}

/** What comes back, or was overlooked, is before the low-water mark: it is looked for there so often, ms. */
const FROM_START_MS = 3_000;
/** A folder may be mounted later: it is looked for so often, ms. */
const LOOK_AGAIN_MS = 30_000;

export class Batches {
  readonly #known = new Map<number, KnownBatch>();
  readonly #cannot = new Map<number, { readonly reason: string; readonly sinceMs: number }>();
  readonly #low = new Map<number, { low: number; sinceMs: number }>();
  #open: readonly number[] = [];

  constructor(
    private readonly options: {
      /** The only one; undefined: all there are. */
      readonly only: number | undefined;
      readonly kinds: readonly string[];
      /** Jobs run in a folder of the worker's own. */
      readonly ownFolder: boolean;
    },
  ) {}

  /** Those there is something to do of, and this worker can do, the oldest first. */
  get open(): readonly number[] {
    return this.#open;
  }

  /** Why it does not do the others, by their numbers. */
  get cannot(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#cannot].map(([id, { reason }]) => [id, reason]));
  }

  of(id: number): KnownBatch | undefined {
    return this.#known.get(id);
  }

  /** Finds out which there are. @throws what the connection throws. */
  async refresh(connection: FarmConnection, now: number): Promise<void> {
    const found = await openBatches(connection, [...this.#known.keys()]);
    const { only, kinds } = this.options;
    const open: number[] = [];
    for (const batch of found) {
      if ((only !== undefined && batch.id !== only) || !kinds.includes(batch.kind)) continue;
      if (await this.#canDo(batch, now)) open.push(batch.id);
    }
    const there = new Set(found.map(({ id }) => id));
    for (const id of this.#cannot.keys()) if (!there.has(id)) this.#cannot.delete(id);
    for (const id of this.#low.keys()) if (!there.has(id)) this.#low.delete(id);
    this.#open = open;
  }

  /** Its jobs turned out not to be possible here. */
  refuse(id: number, error: unknown): void {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    this.#cannot.set(id, { reason: printable(line.slice(0, 500)), sinceMs: nowMs() });
    this.#open = this.#open.filter((each) => each !== id);
  }

  /** Forgets what nothing is done of any more. @param at those whose jobs are still here. */
  forget(at: ReadonlySet<number>): void {
    for (const id of this.#known.keys()) if (!this.#open.includes(id) && !at.has(id)) this.#known.delete(id);
  }

  /** From which number on to ask for jobs of a batch. */
  low(id: number, now: number): number {
    const low = this.#low.get(id);
    if (low !== undefined && now - low.sinceMs < FROM_START_MS) return low.low;
    this.#low.set(id, { low: 0, sinceMs: now });
    return 0;
  }

  /** Jobs of it were handed out from this number on; or none were. @returns whether it is worth asking again. */
  handedOut(id: number, first: number | undefined): boolean {
    const low = this.#low.get(id);
    if (low === undefined) return false;
    const before = low.low;
    low.low = first === undefined ? 0 : first - 1;
    return first === undefined && before > 0;
  }

  async #canDo({ id, name, spec: packed }: OpenBatch, now: number): Promise<boolean> {
    const not = this.#cannot.get(id);
    if (not !== undefined && now - not.sinceMs < LOOK_AGAIN_MS) return false;
    const spec = packed === null ? this.#known.get(id)?.spec : unpackSpec(packed);
    if (spec === undefined) return false;
    const reason = this.options.ownFolder ? null : await missing(spec.folder);
    if (reason === null) {
      this.#cannot.delete(id);
      if (packed !== null) this.#known.set(id, { id, name, spec });
      return true;
    }
    this.#cannot.set(id, { reason, sinceMs: now });
    return false;
  }
}

/** Why nothing can be done in a folder; null: it is there. */
async function missing(folder: string): Promise<string | null> {
  try {
    if ((await stat(systemPath(folder))).isDirectory()) return null;
  } catch (error) {
    if (errnoCode(error) === undefined) return printable(String(error));
  }
  return new LanesError("farm.folder", { path: folder }).message;
}
