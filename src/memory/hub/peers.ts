/** Who is connected to a hub, and what each waits for. */
import type { Arena } from "../arena.ts";
import { Answer } from "../frames.ts";

/** A process: its connection. When that ends, the process has. */
export interface Peer {
  /** What it is called in the words; never used again. */
  readonly id: number;
  readonly pid: number;
  /** Its waits, by the number it gave them. */
  readonly waits: Map<number, Waiter>;
  send(op: number, object: number, seq: number, arg: number): void;
}

export interface Waiter {
  readonly peer: Peer;
  readonly seq: number;
  /** The cell of what it waits for. */
  object: number;
  /** Where it waits, which is where it can be taken out again. */
  line: WaitLine;
  /** What the answer will say besides. */
  note: number;
  /** Since when it stands in that line. */
  sinceMs: number;
}

/** One kind of shared object, as the hub serves it. */
export interface WaitLine {
  /** Its process has ended: nobody waits any more. */
  leave(waiter: Waiter): void;
  /** Its process does not want to wait any longer (see GaveUp), and has to be answered. */
  giveUp(waiter: Waiter, why: number): void;
}

/** What the kinds of objects have from the hub they are a part of. */
export interface HubContext {
  readonly arena: Arena;
  now(): number;
}

/** A kind of which each object has a line of those who wait, in the order of coming. */
export abstract class WaitLines implements WaitLine {
  /** By the cell of the object. */
  protected readonly lines = new Map<number, Waiter[]>();

  constructor(readonly hub: HubContext) {}

  /** Puts it at the end of its object's line. @returns how many stand there now. */
  protected stand(waiter: Waiter): number {
    waiter.line = this;
    return ensure(this.lines, waiter.object, () => []).push(waiter);
  }

  leave(waiter: Waiter): void {
    const line = this.lines.get(waiter.object) ?? [];
    without(line, waiter);
    if (line.length === 0) this.lines.delete(waiter.object);
  }

  giveUp(waiter: Waiter): void {
    this.leave(waiter);
    cancelled(waiter);
  }
}

/** Answers a waiter, which waits no longer. */
export function answer(waiter: Waiter, op: number = Answer.granted, note: number = waiter.note): void {
  waiter.peer.waits.delete(waiter.seq);
  waiter.peer.send(op, waiter.object, waiter.seq, note);
}

/** Answers one that has given up. */
export function cancelled(waiter: Waiter): void {
  answer(waiter, Answer.cancelled, 0);
}

/** Takes one out of a line. */
export function without(line: Waiter[], waiter: Waiter): void {
  const at = line.indexOf(waiter);
  if (at >= 0) line.splice(at, 1);
}

/** The value of a key, made if it is not there yet. */
export function ensure<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
