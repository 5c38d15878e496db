/** Rows of a map as a pool's input: taken as they come, for as long as somebody may bring more. */
import type { ItemSource } from "../../pool/index.ts";
import { Chunk } from "../../pool/items/chunk.ts";
import type { Row } from "../jobs/payload.ts";

const NEWLINE = 10;

export class RowSource implements ItemSource {
  readonly unit = "line";
  readonly fraction = null;
  taken = 0;
  readonly #rows: { row: Row; item: number; at: number }[] = [];
  #closed = false;
  #waiting = Promise.withResolvers<void>();

  /** Brings a row. */
  add(row: Row): void {
    this.#rows.push({ row, item: 0, at: 0 });
    this.#waiting.resolve();
  }

  get empty(): boolean {
    return this.#rows.length === 0;
  }

  get ended(): boolean {
    return this.#closed && this.empty;
  }

  nameOf(text: string): string {
    return text;
  }

  take(maxItems: number, maxBytes: number): Chunk | null {
    const [first] = this.#rows;
    if (first === undefined) return null;
    const { row, item, at } = first;
    const most = Math.min(maxItems, row.count - item);
    let count = 0;
    let end = at;
    while (count < most) {
      const newline = row.lines.indexOf(NEWLINE, end);
      const next = newline < 0 ? row.lines.length + 1 : newline + 1;
      if (count > 0 && next - at > maxBytes) break;
      end = next;
      count += 1;
    }
    first.item += count;
    first.at = end;
    if (first.item >= row.count) this.#rows.shift();
    this.taken += count;
    return Chunk.of(row.first + item, count, row.lines.subarray(at, end - 1));
  }

  async fill(): Promise<void> {
    if (this.#closed || !this.empty) return;
    this.#waiting = Promise.withResolvers();
    await this.#waiting.promise;
  }

  /** No more comes. */
  close(): void {
    this.#closed = true;
    this.#waiting.resolve();
  }
}
