/**
 * Keys as they are typed, one at a time, to whoever reads them at that moment. What is typed while nobody reads waits
 * for the next reader, so that nothing is lost between two questions, however fast somebody types.
 */
import type { Readable } from "node:stream";
import { keysIn, LONE_ESCAPE } from "./ansi.ts";

/** Keys with a meaning of their own to lanes. */
export const Key = { interrupt: "\x03", end: "\x04", suspend: "\x1a", escape: LONE_ESCAPE } as const;

/** A reader of escape sequences waits this long before it takes an Esc for itself (Node's readline: 50 ms). */
const ESCAPE_MS = 60;

export class Keyboard {
  readonly #source: () => Readable;
  readonly #decoder = new TextDecoder();
  readonly #onData = (chunk: Uint8Array | string) => this.#arrived(chunk);
  readonly #onEnd = () => this.#enqueue(Key.end);
  #waiting: string[] = [];
  #reader: ((key: string) => void) | undefined;
  #input: Readable | undefined;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;

  constructor(source: () => Readable) {
    this.#source = source;
  }

  /** Hands every key to `reader` until the returned function is called. One reader at a time. */
  read(reader: (key: string) => void): () => void {
    this.#reader = reader;
    this.#listen();
    this.#schedule(0);
    return () => {
      if (this.#reader === reader) this.#reader = undefined;
    };
  }

  /** Leaves the keys to others, until someone reads again. */
  pause(): void {
    this.#input?.off("data", this.#onData).off("end", this.#onEnd).pause();
    this.#input = undefined;
  }

  /** Goes on after {@link pause}, if somebody reads. */
  resume(): void {
    if (this.#reader !== undefined) this.#listen();
  }

  #listen(): void {
    if (this.#input !== undefined) return;
    this.#input = this.#source();
    this.#input.on("data", this.#onData).on("end", this.#onEnd).resume();
  }

  #arrived(chunk: Uint8Array | string): void {
    const text = typeof chunk === "string" ? chunk : this.#decoder.decode(chunk, { stream: true });
    this.#enqueue(...keysIn(text));
  }

  #enqueue(...keys: string[]): void {
    this.#waiting.push(...keys);
    this.#schedule(0);
  }

  /** One key at a time: the one who reads it may be gone before the next. */
  #schedule(afterMs: number): void {
    if (this.#timer !== undefined || this.#reader === undefined || this.#waiting.length === 0) return;
    const next = () => {
      this.#timer = undefined;
      const key = this.#reader === undefined ? undefined : this.#waiting.shift();
      if (key === undefined) return;
      this.#reader?.(key);
      this.#schedule(key === Key.escape ? ESCAPE_MS : 0);
    };
    this.#timer = afterMs > 0 ? setTimeout(next, afterMs) : setImmediate(next);
  }
}
