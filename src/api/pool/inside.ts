/** A worker of a pool, from inside: its initializer once, then task after task, item by item, until the pool hangs up. */

import { ControlPage } from "../../pool/control.ts";
import { frameWith, type Header, writeHeader } from "../../pool/wire.ts";
import { Inbox } from "../../pool/worker/inbox.ts";
import { isThenable } from "../../pool/worker/thenable.ts";
import { writeWire } from "../../process/write.ts";
import { tell } from "../../thrown.ts";
import { loadOne } from "../place/load.ts";
import type { FunctionPlace } from "../place/place.ts";
import { record, runAsked } from "../program/self.ts";
import { decode, encode, encodeItems } from "../sending/values.ts";
import { ANSWERS_FD, CONTROL_FD, type PoolJob, pack, TASKS_FD, TaskFrameKind, unpack } from "./wire.ts";

type Call = (...args: unknown[]) => unknown;

/** Works until the pool has no more for it. @returns this process's exit code. */
export async function runPoolWorker(job: PoolJob): Promise<number> {
  const inbox = new Inbox();
  await inbox.listen(TASKS_FD);
  try {
    await initialize(job);
  } catch (error) {
    say(TaskFrameKind.broken, {}, pack(tell(error)));
    return 1;
  }
  say(TaskFrameKind.ready, {}, Buffer.alloc(0));
  const worker = new Worker(job);
  for (;;) {
    worker.idle(inbox.isEmpty);
    const frame = await inbox.next();
    if (frame === null) return 0;
    await worker.take(frame.header, frame.body);
  }
}

async function initialize({ initializer, initArgs }: PoolJob): Promise<void> {
  if (initializer === undefined) return;
  const call = (await loadOne(initializer)) as unknown as Call;
  const args = (await decode(initArgs)) as unknown[];
  await runAsked(() => call(...args));
}

class Worker {
  readonly #control = ControlPage.at(`/dev/fd/${CONTROL_FD}`);
  readonly #places = new Map<number, FunctionPlace>();
  readonly #calls = new Map<number, Promise<Call>>();
  /** What its lane shows. */
  #shown = "";

  constructor(readonly job: PoolJob) {}

  async take(header: Header, body: Buffer): Promise<void> {
    if (header.kind === TaskFrameKind.place) this.#places.set(header.from, unpack(body) as FunctionPlace);
    else await runAsked(() => this.#run(header, body));
  }

  /** Nothing to do, if that is so. */
  idle(isIdle: boolean): void {
    if (isIdle && this.#shown !== "") {
      this.#shown = "";
      record({ type: "wait", on: this.job.pool });
    }
  }

  /** Runs the items of a task that are not taken back meanwhile, up to the first that fails. */
  async #run({ kind, slot, from, first }: Header, body: Buffer): Promise<void> {
    const results: unknown[] = [];
    const next = () => this.#control.begin(this.job.line, slot, 0);
    let item = next();
    if (item < 0) return answer(slot, results);
    try {
      const call = await this.#callAt(first);
      const items = (await decode(body)) as unknown[];
      for (; item >= 0; item = next()) {
        const given = items[from + item];
        const result = kind === TaskFrameKind.starTask ? call(...(given as unknown[])) : call(given);
        results.push(isThenable(result) ? await result : result);
      }
    } catch (error) {
      return fail(slot, results, error);
    }
    answer(slot, results);
  }

  #callAt(number: number): Promise<Call> {
    const place = this.#places.get(number) as FunctionPlace;
    if (this.#shown !== place.name) {
      this.#shown = place.name;
      record({ type: "run", text: place.name });
    }
    let call = this.#calls.get(number);
    if (call === undefined) {
      call = loadOne(place) as Promise<unknown> as Promise<Call>;
      this.#calls.set(number, call);
    }
    return call;
  }
}

function answer(slot: number, results: readonly unknown[]): void {
  let body: Uint8Array;
  try {
    body = encodeItems(results, () => "result");
  } catch {
    unsendable(slot, results);
    return;
  }
  say(TaskFrameKind.done, { slot, count: results.length }, body);
}

/** One of the results cannot be sent: those before it are. */
function unsendable(slot: number, results: readonly unknown[]): void {
  for (const [i, result] of results.entries()) {
    try {
      encode(result, "result");
    } catch (error) {
      say(TaskFrameKind.failed, { slot, count: i }, encode([results.slice(0, i), tell(error)], "result"));
      return;
    }
  }
}

function fail(slot: number, results: readonly unknown[], error: unknown): void {
  try {
    say(TaskFrameKind.failed, { slot, count: results.length }, encode([results, tell(error)], "result"));
  } catch {
    unsendable(slot, results);
  }
}

function say(kind: number, header: Partial<Header>, body: Uint8Array): void {
  writeWire(ANSWERS_FD, writeHeader(frameWith(body), kind, header));
}
