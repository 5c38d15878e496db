/**
 * The process of one worker: started, told over its wires what it is to do, listened to, ended with all it has started.
 * What it is sent and what it says is its {@link Lane}'s business; see wire.ts.
 *
 * Always true: `ended()` is called once, after the last frame; `gone` resolves after that, when what it started has ended, too.
 */
import { LanesError } from "../errors.ts";
import { spawnError } from "../process/errors.ts";
import type { Guard } from "../process/guard/guard.ts";
import { JobGroup } from "../process/guard/job-group.ts";
import { endMarked } from "../process/guard/marked.ts";
import { connectFd } from "../process/socket.ts";
import { nowMs } from "../recording/clock.ts";
import type { ControlPage } from "./control.ts";
import { FrameSender } from "./sender.ts";
import { firstFd, type StartedWorker, startWorker, type WorkerChild } from "./start.ts";
import { FrameParser, type Header, Kind, textFrame } from "./wire.ts";
import type { WorkerConfig } from "./worker/config.ts";

/** How long after its end a worker's last words may take, ms; longer only if something it started holds its socket. */
const LAST_WORDS_MS = 250;
/** What a worker's own children have to end by themselves when it has ended, ms. */
const CHILDREN_GRACE_MS = 500;
/** Those that SIGKILL does not end (a hung disk) are given up after this, ms. */
const GIVE_UP_MS = 2_000;
const POLL_MS = 10;
/** The most of a line without an end that is kept until its end comes, characters. */
const LINE_CHARS = 1 << 16;

/** Who hears what the process says and that it has ended. */
export interface ProcessListener {
  frame(header: Header, body: Buffer): void;
  /** A line it printed. */
  said(text: string): void;
  /** It has ended, and its last words are heard. @returns whether it had done all that it was given. */
  ended(): boolean;
}

/** What pools send their workers. */
export type WorkerSignal = "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT";

/** A worker's process, as its lane has it. */
export interface MapWorkerProcess {
  readonly pid: number;
  /** It has ended, and its last words are heard. */
  readonly ended: boolean;
  /** `SIGSEGV`, `exit code 3`: how it ended. */
  readonly ending: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Resolves when it has ended, its last words are heard, and what it started has ended. */
  readonly gone: Promise<void>;
  /** Sends a frame. */
  write(frame: Uint8Array): void;
  /** There is no more work: it ends when it has answered for what it has. */
  end(): void;
  /** SIGTERM asks the worker; the others are for all that it has started, too. */
  kill(signal: WorkerSignal): void;
}

/** What a worker is told first; where it finds the control page is found out as it is started. */
export type WorkerTask = Omit<WorkerConfig, "control">;

/** Starts a worker of this control page. @throws LanesError `error.spawn.*`, `error.depth` */
export type BeginWorker = (task: WorkerTask, listener: ProcessListener, control: ControlPage) => MapWorkerProcess;

export class WiredProcess implements MapWorkerProcess {
  readonly gone: Promise<void>;
  readonly #listener: ProcessListener;
  readonly #child: WorkerChild;
  readonly #mark: string;
  readonly #group: JobGroup;
  readonly #toWorker: FrameSender;
  #ended = false;
  /** It ran on without its wires. */
  #lost = false;

  /**
   * @param controlFd the control page, for it to inherit.
   * @param folder where it runs, if not where lanes does.
   * @throws LanesError `error.spawn.*`, `error.depth`
   */
  constructor(
    config: WorkerTask,
    controlFd: number,
    folder: string | undefined,
    guard: Guard,
    listener: ProcessListener,
  ) {
    let started: StartedWorker;
    try {
      started = startWorker(controlFd, config.module, folder);
    } catch (error) {
      throw error instanceof LanesError ? error : spawnError(config.lane, error);
    }
    this.#listener = listener;
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

  get ended(): boolean {
    return this.#ended;
  }

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

  write(frame: Uint8Array): void {
    this.#toWorker.write(frame);
  }

  end(): void {
    this.#toWorker.end();
  }

  kill(signal: WorkerSignal): void {
    if (this.#ended) return;
    if (signal === "SIGTERM") this.#child.kill(signal);
    else this.#group.signal(signal);
  }

  async #listen(fd: number): Promise<void> {
    const closed = Promise.withResolvers<void>();
    const parser = new FrameParser((header, body) => this.#listener.frame(header, body));
    const end = () => {
      closed.resolve();
      this.#deaf();
    };
    await connectFd(fd, { data: (bytes) => parser.push(bytes), end });
    await this.#child.exited;
    await Promise.race([closed.promise, Bun.sleep(LAST_WORDS_MS)]);
    this.#ended = true;
    this.#toWorker.close();
    const hadDoneAll = this.#listener.ended();
    await this.#endChildren(this.exitCode === 0 && hadDoneAll);
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
      for (const line of lines) this.#listener.said(line);
      if (open.length > LINE_CHARS) {
        this.#listener.said(open);
        open = "";
      }
    }
    if (open !== "") this.#listener.said(open);
  }
}

function startFrame(config: WorkerConfig): Buffer {
  return textFrame(Kind.start, {}, JSON.stringify(config));
}
