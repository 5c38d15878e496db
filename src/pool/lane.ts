/**
 * One worker process, from the pool's side: started, sent chunks, listened to, ended. What it did not answer for when it
 * ended is still in {@link Lane.chunks}.
 */
import { LanesError } from "../errors.ts";
import { spawnError } from "../process/errors.ts";
import type { Guard } from "../process/guard/guard.ts";
import { JobGroup } from "../process/guard/job-group.ts";
import { endMarked } from "../process/guard/marked.ts";
import { connectFd } from "../process/socket.ts";
import { nowMs } from "../recording/clock.ts";
import { SLOTS } from "./control.ts";
import type { ControlFile } from "./control-file.ts";
import type { Chunk } from "./items/chunk.ts";
import { FrameSender } from "./sender.ts";
import { firstFd, type StartedWorker, startWorker, type WorkerChild } from "./start.ts";
import { FrameParser, type Header, Kind, textFrame } from "./wire.ts";
import type { WorkerConfig } from "./worker/config.ts";
import type { QuitData } from "./worker/worker.ts";

/** How long after its end a worker's last words may take, ms; longer only if something it started holds its socket. */
const LAST_WORDS_MS = 250;
/** What a worker's own children have to end by themselves when it has ended, ms. */
const CHILDREN_GRACE_MS = 500;
/** Those that SIGKILL does not end (a hung disk) are given up after this, ms. */
const GIVE_UP_MS = 2_000;
const POLL_MS = 10;

/** Who hears what a worker says and how it ends. */
export interface LaneListener {
  frame(lane: Lane, header: Header, body: Buffer): void;
  /** A line the worker printed. */
  said(lane: Lane, text: string): void;
  ended(lane: Lane): void;
}

export class Lane {
  readonly name: string;
  /** The chunks it has not finished, by slot. */
  readonly chunks: (Chunk | null)[] = new Array(SLOTS).fill(null);
  /** What it does before it can be sent items, and since when (ms by nowMs()). */
  phase: "load" | "init" = "load";
  readonly startedMs = nowMs();
  /** It has loaded the module, and its --init has ended. */
  ready = false;
  ended = false;
  /** It gets no more chunks, and ends when it has done those it has. */
  retiring = false;
  /** Items it was sent (and not taken back). */
  sent = 0;
  /** Resolves when it has ended and its last words are heard. */
  readonly gone: Promise<void>;
  /** It could not begin, through no fault of the module's. */
  excused = false;
  quit: QuitData | null = null;
  /** Why the pool killed it, and at which item. */
  killed: { kind: "timeout" | "memory"; slot: number; item: number } | null = null;
  /** Why the pool ended it before it was ready. */
  broken: LanesError | null = null;
  readonly #group: JobGroup;
  readonly #mark: string;
  /** It ran on without its wires. */
  #lost = false;
  readonly #child: WorkerChild;
  readonly #toWorker: FrameSender;

  /** @throws LanesError `error.spawn.*`, `error.depth` */
  constructor(
    readonly index: number,
    readonly control: ControlFile,
    config: Omit<WorkerConfig, "control">,
    readonly listener: LaneListener,
    /** Items after which it retires, or null. */
    readonly recycle: number | null,
    guard: Guard,
    /** Where it runs, if not where lanes does. */
    folder: string | undefined,
  ) {
    this.name = config.lane;
    control.reset(index);
    let started: StartedWorker;
    try {
      started = startWorker(control.fd, config.module, folder);
    } catch (error) {
      throw error instanceof LanesError ? error : spawnError(this.name, error);
    }
    this.#child = started.child;
    const start = startFrame({ ...config, control: started.controlPath });
    this.#toWorker = new FrameSender(this.#child.stdio[firstFd()] as number, start, () => this.#deaf());
    // Noted now that it has something to do. Until it has loaded the module there is no more of it than itself, and it
    // dies with this process whoever notes it.
    this.#mark = started.mark;
    this.#group = new JobGroup(guard, this.#mark);
    this.#group.started(this.pid, true);
    this.gone = this.#listen(this.#child.stdio[firstFd() + 1] as number);
    void this.#hear(this.#child.stdout);
    void this.#hear(this.#child.stderr);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** `SIGSEGV`, `exit code 3`: how it ended. */
  get ending(): string {
    if (this.#lost) return "it closed the descriptors by which lanes speaks to it";
    return this.signal ?? `exit code ${this.#child.exitCode}`;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  get signal(): string | null {
    return this.#child.signalCode?.toString() ?? null;
  }

  /** CPU time it used, ms; null before it has ended. */
  get cpuMs(): number | null {
    const usage = this.ended ? this.#child.resourceUsage() : undefined;
    return usage === undefined ? null : Number(usage.cpuTime.total) / 1e3;
  }

  get outstanding(): number {
    return this.chunks.reduce((count, chunk) => count + (chunk === null ? 0 : 1), 0);
  }

  /** How many of its items are not begun. */
  get notBegun(): number {
    return this.chunks.reduce((sum, chunk, slot) => sum + (chunk ? this.control.notBegun(this.index, slot) : 0), 0);
  }

  /** How many more items it may be sent. */
  get room(): number {
    return this.recycle === null ? Number.POSITIVE_INFINITY : this.recycle - this.sent;
  }

  /** Whether it may be sent anything more at all. */
  get takes(): boolean {
    return !this.retiring && this.room > 0;
  }

  /** Sends a chunk; there must be a free slot. */
  send(chunk: Chunk): void {
    const slot = this.chunks.indexOf(null);
    this.chunks[slot] = chunk;
    this.sent += chunk.count;
    this.control.assign(this.index, slot, chunk.count);
    this.#toWorker.write(chunk.frameTo(slot));
  }

  /** Takes back what it has not begun of the items from `from` (in the input) on. */
  takeBack(from: number): (Chunk | null)[] {
    return this.chunks.map((chunk, slot) =>
      chunk === null ? null : this.#takeBack(slot, chunk.count - Math.max(0, from - chunk.first)),
    );
  }

  /** Gives away so many items that are not begun, the last ones first. */
  giveAway(wanted: number): (Chunk | null)[] {
    let left = wanted;
    const slots = [...this.chunks.keys()].sort((a, b) => (this.chunks[b]?.first ?? 0) - (this.chunks[a]?.first ?? 0));
    return slots.map((slot) => {
      const chunk = left > 0 ? this.#takeBack(slot, left) : null;
      left -= chunk?.count ?? 0;
      return chunk;
    });
  }

  #takeBack(slot: number, wanted: number): Chunk | null {
    const chunk = this.chunks[slot];
    if (!chunk || wanted <= 0) return null;
    const had = chunk.count;
    const count = this.control.takeBack(this.index, slot, wanted);
    chunk.shorten(count);
    this.sent -= had - count;
    return chunk.slice(count, had, chunk.tries);
  }

  /** No more chunks: it ends when it has answered for those it has. */
  end(): void {
    this.retiring = true;
    this.#toWorker.end();
  }

  /** SIGTERM asks the worker; the others are for all that it has started, too. */
  kill(signal: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
    if (this.ended) return;
    if (signal === "SIGTERM") this.#child.kill(signal);
    else this.#group.signal(signal);
  }

  async #listen(fd: number): Promise<void> {
    const closed = Promise.withResolvers<void>();
    const parser = new FrameParser((header, body) => this.listener.frame(this, header, body));
    const end = () => {
      closed.resolve();
      this.#deaf();
    };
    await connectFd(fd, { data: (bytes) => parser.push(bytes), end });
    await this.#child.exited;
    await Promise.race([closed.promise, Bun.sleep(LAST_WORDS_MS)]);
    const inGoodOrder = this.exitCode === 0 && this.outstanding === 0;
    this.ended = true;
    this.#toWorker.close();
    this.listener.ended(this);
    await this.#endChildren(inGoodOrder);
  }

  /**
   * What a worker started ends with it: Bun ends what is below it, and the group is ended here. A daemon, which has left both,
   * lives on after a worker that ended in good order: so it was meant. After one that was killed or died, what has left the group
   * (`detached: true`) is ended as well.
   */
  async #endChildren(inGoodOrder: boolean): Promise<void> {
    if (this.#group.exists) {
      this.#group.signal("SIGTERM");
      this.#group.signal("SIGCONT");
      const untilMs = nowMs() + CHILDREN_GRACE_MS;
      while (this.#group.running && nowMs() < untilMs) await Bun.sleep(POLL_MS);
      this.#group.signal("SIGKILL");
    }
    if (!inGoodOrder) await endMarked(this.#mark, { graceMs: CHILDREN_GRACE_MS, giveUpMs: GIVE_UP_MS });
    this.#group.release();
  }

  /** One that still runs and does not hear or say anything any more (user code has closed its descriptors) is of no use. */
  #deaf(): void {
    setTimeout(() => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
      this.#lost = true;
      this.kill("SIGKILL");
    }, LAST_WORDS_MS).unref();
  }

  async #hear(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let open = "";
    for await (const bytes of stream) {
      const lines = (open + decoder.decode(bytes, { stream: true })).split("\n");
      open = lines.pop() ?? "";
      for (const line of lines) this.listener.said(this, line);
      if (open.length > 1 << 16) {
        this.listener.said(this, open);
        open = "";
      }
    }
    if (open !== "") this.listener.said(this, open);
  }
}

function startFrame(config: WorkerConfig): Buffer {
  return textFrame(Kind.start, {}, JSON.stringify(config));
}
