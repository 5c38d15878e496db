/**
 * Tries that have ended, on their way into the database: many at once, what they wrote first. Until the database has taken them their
 * output stays in the files it was written to, however long it is away.
 */
import { readSync } from "node:fs";
import type { Stored } from "../../jobs/output/outlet.ts";
import { nowMs } from "../../recording/clock.ts";
import { ANSWER_MS, type FarmConnection } from "../connection.ts";
import type { Contact } from "../contact.ts";
import {
  type Claimed,
  completeJobs,
  type EndedTry,
  PART_BYTES,
  putOutput,
  type TryResult,
  type TryVerdict,
} from "../jobs/worker-statements.ts";

/** Sent at once: tries, and bytes of what they wrote. */
const MOST = 200;
const MOST_BYTES = 1 << 20;
/**
 * Sent no more often than this, ms, unless there are so many: a transaction costs the database as much for one try as for ten, and who
 * does short jobs would ask for one after each. The first after a while is told at once.
 */
const REST_MS = 20;
const ENOUGH = 32;

/** A try that has ended here. */
export interface Finished {
  /** The registration it was handed to. */
  readonly worker: number;
  readonly claimed: Claimed;
  readonly failed: boolean;
  readonly result: TryResult;
  readonly out: Stored | null;
  readonly err: Stored | null;
  /** When, on nowMs. */
  readonly endedMs: number;
}

export class Completions {
  #queue: Finished[] = [];
  #sending: Promise<void> | undefined;
  #sentMs = Number.NEGATIVE_INFINITY;

  /**
   * @param settled is told what has become of each.
   * @param failed is told of what will not pass.
   */
  constructor(
    private readonly connection: FarmConnection,
    private readonly contact: Contact,
    private readonly settled: (finished: Finished, verdict: TryVerdict) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** How many wait to be told. */
  get backlog(): number {
    return this.#queue.length;
  }

  add(finished: Finished): void {
    this.#queue.push(finished);
    this.#sending ??= this.#send();
  }

  /** Resolves when all that was added has been told. */
  async told(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    try {
      // One microtask later: what ends together goes together.
      await undefined;
      while (this.#queue.length > 0) {
        const restMs = this.#sentMs + REST_MS - nowMs();
        if (restMs > 0 && this.#queue.length < ENOUGH) await Bun.sleep(restMs);
        this.#sentMs = nowMs();
        const group = this.#group();
        const verdicts = await this.#tell(group);
        this.#queue.splice(0, group.length);
        for (const [at, finished] of group.entries()) {
          finished.out?.file.release();
          finished.err?.file.release();
          this.settled(finished, verdicts[at] ?? "accepted");
        }
      }
    } catch (error) {
      this.failed(error);
    } finally {
      this.#sending = undefined;
    }
  }

  /** The first ones, of one registration. */
  #group(): Finished[] {
    const [first] = this.#queue;
    let bytes = 0;
    const end = this.#queue.findIndex((finished, at) => {
      bytes += sizeOf(finished.out) + sizeOf(finished.err);
      return at === MOST || finished.worker !== first?.worker || (at > 0 && bytes > MOST_BYTES);
    });
    return this.#queue.slice(0, end < 0 ? undefined : end);
  }

  #tell(group: readonly Finished[]): Promise<TryVerdict[]> {
    return this.contact.answer(async () => {
      const ended: EndedTry[] = [];
      for (const finished of group) ended.push(await this.#put(finished));
      const [first] = group;
      return first === undefined ? [] : completeJobs(this.connection, first.worker, ended, 3 * ANSWER_MS);
    });
  }

  /** Puts down what is too large to go with the rest. */
  async #put({ worker, claimed, failed, result, out, err, endedMs }: Finished): Promise<EndedTry> {
    let wanted = true;
    const taken = async (stored: Stored | null, stream: 1 | 2): Promise<Uint8Array> => {
      if (sizeOf(stored) <= PART_BYTES) return bytesOf(stored, 0, sizeOf(stored));
      for (let part = 0; wanted && part * PART_BYTES < sizeOf(stored); part += 1) {
        const bytes = bytesOf(stored, part * PART_BYTES, PART_BYTES);
        wanted = await putOutput(this.connection, worker, claimed, { stream, part, bytes });
      }
      return Buffer.alloc(0);
    };
    const [first, second] = [await taken(out, 1), await taken(err, 2)];
    return { of: claimed, failed, result, agoMs: nowMs() - endedMs, out: first, err: second };
  }
}

const sizeOf = (stored: Stored | null): number => (stored === null ? 0 : stored.end - stored.start);

function bytesOf(stored: Stored | null, from: number, most: number): Uint8Array {
  if (stored === null) return Buffer.alloc(0);
  const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(most, stored.end - stored.start - from)));
  let at = 0;
  for (let length = -1; length !== 0 && at < bytes.length; at += length) {
    length = readSync(stored.file.fd, bytes, at, bytes.length - at, stored.start + from + at);
  }
  return bytes.subarray(0, at);
}
