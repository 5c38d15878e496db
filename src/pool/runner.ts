/**
 * Runs the items of chunks in a worker and answers for them. Results are collected and sent together, at the latest
 * FLUSH_MS after the first, so that a cheap function pays for one message in thousands of items and a slow one's result
 * is the pool's as soon as it is there.
 */
import { isUtf8 } from "node:buffer";
import { writeWire } from "../process/write.ts";
import { nowMs } from "../timeline/clock.ts";
import { ItemContext, type WorkerFacts } from "./context.ts";
import type { ControlPage } from "./control.ts";
import type { FailureKind, ItemError } from "./failure.ts";
import type { Counts } from "./histogram.ts";
import { type MapFunction, stackOf } from "./module.ts";
import { jsonLine, ResultError, rawOutput } from "./result.ts";
import { Stopwatch } from "./stopwatch.ts";
import { frameFor, HEADER_BYTES, type Header, Kind, OUT_FD, textFrame, writeHeader } from "./wire.ts";
import type { WorkerConfig } from "./worker.ts";

/** How long a result may wait for others, ms. */
const FLUSH_MS = 50;
/** How much output may wait, characters. */
const FLUSH_CHARS = 1 << 20;
/** A chunk's last results up to this size are sent in one write with what is said of the chunk. */
const TOGETHER_BYTES = 1 << 16;

/** What a worker says of a chunk it has finished. */
export interface ChunkStats {
  /** From its first item to its last, ms. */
  readonly ms: number;
  readonly times: Counts;
  /** Blank lines of JSONL: no items at all. */
  readonly blank: number;
  readonly outputBytes: number;
  /** Resident memory; 0 if nobody wants to know. */
  readonly rssBytes: number;
}

export class ItemRunner implements WorkerFacts {
  readonly lane: string;
  readonly #stopwatch = new Stopwatch();
  #current: ItemContext | null = null;
  #slot = 0;
  #output = "";
  #outputBytes = 0;
  /** Items up to here (in the chunk) have been answered for. */
  #answered = 0;
  /** Items up to here have a result in #output. */
  #done = 0;
  #flushedMs = 0;

  constructor(
    readonly config: WorkerConfig,
    readonly map: MapFunction,
    readonly control: ControlPage,
  ) {
    this.lane = config.lane;
  }

  /** Runs what is left of a chunk, and answers for every item of it. */
  async run(header: Header, body: Buffer): Promise<void> {
    const { control, config } = this;
    const { slot, first } = header;
    const attempt = header.attempt + 1;
    const json = config.input === "jsonl";
    const raw = config.output === "raw";
    const notesTime = config.timeoutMs !== null;
    const lines = body.toString("utf8").split("\n");
    const invalid = isUtf8(body) ? null : invalidLines(body);
    this.#slot = slot;
    this.#answered = 0;
    this.#done = 0;
    this.#outputBytes = 0;
    let blank = 0;
    const startMs = performance.now();
    this.#flushedMs = startMs;
    this.#stopwatch.start(startMs);
    for (;;) {
      const item = control.begin(config.worker, slot, notesTime ? nowMs() : 0);
      if (item < 0) break;
      const line = lines[item] ?? "";
      const context = new ItemContext(first + item, attempt, this);
      this.#current = context;
      try {
        if (invalid?.has(item)) throw new InputError("not valid UTF-8");
        if (json && line.trim() === "") blank++;
        else {
          let value = this.map(json ? parse(line) : withoutReturn(line), context);
          if (isThenable(value)) value = await value;
          if (raw) this.#takeRaw(item, rawOutput(value));
          else this.#output += jsonLine(value);
        }
        this.#done = item + 1;
      } catch (error) {
        this.#fail(item, itemError(error, context));
      }
      const now = this.#stopwatch.lap();
      if (now - this.#flushedMs > FLUSH_MS) this.flush();
      if (this.#output.length > FLUSH_CHARS) this.flush();
    }
    this.#current = null;
    const stats: ChunkStats = {
      ms: this.#stopwatch.stop() - startMs,
      times: this.#stopwatch.times.drain(),
      blank,
      outputBytes: this.#outputBytes + this.#output.length,
      rssBytes: config.maxRssBytes === null ? 0 : process.memoryUsage.rss(),
    };
    const done = textFrame(Kind.done, { slot, count: this.#done }, JSON.stringify(stats));
    const results = this.#takeResults();
    // Together if that costs little: the pool is woken once and not twice.
    if (results === null) writeWire(OUT_FD, done);
    else if (results.length < TOGETHER_BYTES) writeWire(OUT_FD, Buffer.concat([results, done]));
    else for (const frame of [results, done]) writeWire(OUT_FD, frame);
  }

  /** Sends the results that wait. */
  flush(): void {
    this.#flushedMs = performance.now();
    const frame = this.#takeResults();
    if (frame !== null) writeWire(OUT_FD, frame);
  }

  #takeResults(): Buffer | null {
    const count = this.#done - this.#answered;
    if (count <= 0) return null;
    const frame = textFrame(Kind.results, { slot: this.#slot, from: this.#answered, count }, this.#output);
    this.#answered = this.#done;
    this.#output = "";
    this.#outputBytes += frame.length;
    return frame;
  }

  watch(context: ItemContext): void {
    const { timeoutMs } = this.config;
    if (timeoutMs === null) return;
    const beganMs = this.control.running(this.config.worker)?.beganMs ?? nowMs();
    setTimeout(() => context.abort(timeoutError(timeoutMs)), Math.max(0, beganMs + timeoutMs - nowMs())).unref();
  }

  /** lanes is being stopped: the item may end early, and what is done is sent. */
  interrupt(): void {
    this.#current?.abort(new DOMException("lanes is being stopped", "AbortError"));
    this.flush();
  }

  #takeRaw(item: number, output: string | Uint8Array): void {
    if (typeof output === "string") {
      this.#output += output;
      return;
    }
    this.flush();
    const frame = frameFor(output.length);
    frame.set(output, HEADER_BYTES);
    const count = item + 1 - this.#answered;
    writeWire(OUT_FD, writeHeader(frame, Kind.results, { slot: this.#slot, from: this.#answered, count }));
    this.#outputBytes += frame.length;
    this.#answered = item + 1;
  }

  #fail(item: number, error: ItemError): void {
    this.#done = item;
    this.flush();
    writeWire(OUT_FD, textFrame(Kind.failed, { slot: this.#slot, from: item, count: 1 }, JSON.stringify(error)));
    this.#answered = item + 1;
    this.#done = item + 1;
  }
}

class InputError extends Error {
  override readonly name = "InputError";
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new InputError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function withoutReturn(line: string): string {
  return line.charCodeAt(line.length - 1) === 13 ? line.slice(0, -1) : line;
}

/** Which lines of a body are not UTF-8. */
function invalidLines(body: Buffer): Set<number> {
  const invalid = new Set<number>();
  for (let item = 0, at = 0; at <= body.length; item++) {
    const next = body.indexOf(10, at);
    const end = next < 0 ? body.length : next;
    if (!isUtf8(body.subarray(at, end))) invalid.add(item);
    at = end + 1;
  }
  return invalid;
}

function timeoutError(timeoutMs: number): DOMException {
  return new DOMException(`not done within ${timeoutMs} ms`, "TimeoutError");
}

function itemError(error: unknown, context: ItemContext): ItemError {
  const kind: FailureKind =
    error instanceof InputError
      ? "input"
      : error instanceof ResultError
        ? "result"
        : context.aborted
          ? "timeout"
          : "throw";
  if (!(error instanceof Error)) return { kind, name: "Error", message: stackOf(error), stack: "" };
  const own = kind === "input" || kind === "result";
  return { kind, name: error.name, message: error.message, stack: own ? "" : stackOf(error) };
}
