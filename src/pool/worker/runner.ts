/**
 * Runs the items of chunks in a worker and answers for them. Results are collected and sent together, at the latest
 * FLUSH_MS after the first, so that a cheap function pays for one message in thousands of items and a slow one's result
 * is the pool's as soon as it is there.
 */
import { writeWire } from "../../process/write.ts";
import { nowMs } from "../../recording/clock.ts";
import type { ItemError } from "../../recording/results/map-result.ts";
import type { ControlPage } from "../control.ts";
import type { Counts } from "../histogram.ts";
import { frameWith, type Header, Kind, OUT_FD, textFrame, writeHeader } from "../wire.ts";
import type { WorkerConfig } from "./config.ts";
import { ItemContext, type WorkerFacts } from "./context.ts";
import { InputError, invalidLines, parsed, withoutReturn } from "./input.ts";
import { itemError, timeoutError } from "./item-error.ts";
import type { MapFunction } from "./module.ts";
import { jsonLine, rawOutput } from "./result.ts";
import { Stopwatch } from "./stopwatch.ts";
import { isThenable } from "./thenable.ts";

/** How long a result may wait for others, ms. */
const FLUSH_MS = 50;
/** How much output may wait, characters. */
const FLUSH_CHARS = 1 << 20;
/**
 * How long the event loop may be kept from running, ms, and for how many of a worker's first items it runs after each. An
 * error that nobody caught comes up when it runs: then the item it belongs to is still the one at hand, and its result is
 * not out yet.
 */
const LOOP_MS = 0.1;
const LOOPED_ITEMS = 50;
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
  #loopedMs = 0;
  #looped = 0;
  #halted = false;

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
    const invalid = invalidLines(body);
    this.#slot = slot;
    this.#answered = 0;
    this.#done = 0;
    this.#outputBytes = 0;
    let blank = 0;
    const startMs = performance.now();
    this.#flushedMs = startMs;
    this.#loopedMs = startMs;
    this.#stopwatch.start(startMs);
    for (;;) {
      const item = control.begin(config.worker, slot, notesTime ? nowMs() : 0);
      if (item < 0) break;
      const line = lines[item] ?? "";
      const context = new ItemContext(first + item, attempt, this);
      this.#current = context;
      let now = startMs;
      try {
        if (invalid?.has(item)) throw new InputError("not valid UTF-8");
        if (json && line.trim() === "") blank++;
        else {
          let value = this.map(json ? parsed(line, config.integers) : withoutReturn(line), context);
          if (isThenable(value)) value = await value;
          const output = raw ? rawOutput(value) : jsonLine(value);
          now = this.#stopwatch.lap();
          if (this.#mayLoop(now, item + 1 >= lines.length)) await this.#loop();
          if (typeof output === "string") this.#output += output;
          else this.#takeBytes(item, output);
        }
        this.#done = item + 1;
      } catch (error) {
        // It was told to end, because everything is; it is not done, which is no failure.
        if (context.stopped === "stop") break;
        now = this.#stopwatch.lap();
        await this.#loop();
        this.#fail(item, itemError(error, this.#isLate(context) ? config.timeoutMs : null));
      }
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

  /** Whether the event loop should run before this item's result counts. */
  #mayLoop(now: number, last: boolean): boolean {
    if (this.#looped < LOOPED_ITEMS) this.#looped++;
    else if (!last && now - this.#loopedMs < LOOP_MS) return false;
    this.#loopedMs = now;
    return true;
  }

  /** Lets the event loop run once; for ever, if this worker is to end. */
  async #loop(): Promise<void> {
    await new Promise<void>(setImmediate);
    if (this.#halted) await new Promise(() => {});
  }

  /** This worker is about to end: nothing more is answered for. */
  halt(): void {
    this.flush();
    this.#halted = true;
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
    setTimeout(
      () => context.abort("timeout", timeoutError(timeoutMs)),
      Math.max(0, beganMs + timeoutMs - nowMs()),
    ).unref();
  }

  /** Whether an item's time was up as it failed: it has heard so, or the clock says it. */
  #isLate({ stopped }: ItemContext): boolean {
    const { timeoutMs, worker } = this.config;
    if (stopped === "timeout" || timeoutMs === null) return stopped === "timeout";
    const beganMs = this.control.running(worker)?.beganMs ?? 0;
    return beganMs > 0 && nowMs() - beganMs >= timeoutMs;
  }

  /** lanes is being stopped: the item may end early, and what is done is sent. */
  interrupt(): void {
    this.#current?.abort("stop", new DOMException("lanes is being stopped", "AbortError"));
    this.flush();
  }

  #takeBytes(item: number, output: Uint8Array): void {
    this.flush();
    const frame = frameWith(output);
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
