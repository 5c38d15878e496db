/**
 * The hub: what processes that share something cannot do in memory alone. It knows who waits for what, hands over, and learns of
 * every death: a process is a connection, which the kernel closes however the process ends. No I/O here (thread.ts has it).
 *
 * When a connection ends, all memory is looked at again: what the dead process held is free, and what it had let go of without
 * having come to say so is handed on (word.ts: memory first, message second).
 */
import type { Arena } from "../arena.ts";
import { Broken, CellKind } from "../cells.ts";
import { Answer, Op } from "../frames.ts";
import { OWNER } from "../word.ts";
import { Barriers } from "./barriers.ts";
import { type Circle, circlesIn } from "./circles.ts";
import { Conditions } from "./conditions.ts";
import { Ends } from "./ends.ts";
import { Events } from "./events.ts";
import { Locks } from "./locks.ts";
import type { HubContext, Peer, Waiter } from "./peers.ts";
import { Queues } from "./queues.ts";
import { Semaphores } from "./semaphores.ts";

/** A connection, before and after it has said who it is. */
export class Guest {
  peer: Peer | null = null;
  /** It has said that it is done. */
  isDone = false;

  constructor(readonly send: Peer["send"]) {}
}

export class Hub implements HubContext {
  readonly #locks = new Locks(this);
  readonly #semaphores = new Semaphores(this);
  readonly #events = new Events(this);
  readonly #conditions = new Conditions(this, this.#locks);
  readonly #barriers = new Barriers(this);
  readonly #queues = new Queues(this);
  readonly #ends = new Ends(this, this.#queues);
  /** The pids of those who are connected, by what they are called in the words. */
  readonly #pids = new Map<number, number>();
  #peers = OWNER;

  /** @param onLockWait called each time somebody waits for a lock. */
  constructor(
    readonly arena: Arena,
    readonly onLockWait: () => void = () => {},
  ) {}

  now(): number {
    return performance.now();
  }

  /** A frame has come. */
  take(guest: Guest, op: number, object: number, seq: number, arg: number): void {
    const { peer } = guest;
    if (op === Op.hello) this.#greet(guest, object, seq, arg === 1);
    else if (peer !== null) this.#serve(guest, peer, op, object, seq, arg);
  }

  #serve(guest: Guest, peer: Peer, op: number, object: number, seq: number, arg: number): void {
    switch (op) {
      case Op.bye:
        guest.isDone = true;
        break;
      case Op.cancel:
        this.#cancel(peer, seq, arg);
        break;
      case Op.lockWait:
        this.#locks.wait(this.#waiter(peer, object, seq, 0));
        this.onLockWait();
        break;
      case Op.lockFreed:
        this.#locks.handOver(object);
        break;
      case Op.permitWait:
        this.#semaphores.wait(this.#waiter(peer, object, seq, 0));
        break;
      case Op.permitFreed:
        this.#semaphores.handOut(object);
        break;
      case Op.eventWait:
        this.#events.wait(this.#waiter(peer, object, seq, arg));
        break;
      case Op.eventSet:
        this.#events.letGo(object);
        break;
      case Op.conditionWait:
        this.#conditions.wait(this.#waiter(peer, object, seq, 0));
        break;
      case Op.conditionNotify:
        this.#conditions.notify(object, arg);
        break;
      case Op.barrierJoin:
        this.#barriers.join(object, peer);
        break;
      case Op.barrierWait:
        this.#barriers.wait(this.#waiter(peer, object, seq, 0));
        break;
      case Op.barrierReset:
        this.#barriers.break(object, Broken.reset);
        break;
      case Op.barrierAbort:
        this.#barriers.break(object, Broken.aborted);
        break;
      case Op.getWait:
        this.#queues.getters.wait(this.#waiter(peer, object, seq, 0));
        break;
      case Op.putWait:
        this.#queues.putters.wait(this.#waiter(peer, object, seq, 0));
        break;
      case Op.joinWait:
        this.#queues.joiners.wait(this.#waiter(peer, object, seq, 0));
        break;
      case Op.queueChanged:
        this.#queues.changed(object);
        break;
      case Op.endOpen:
        this.#ends.open(object, peer, arg === 1);
        break;
      case Op.endClose:
        this.#ends.close(object, peer);
        break;
      case Op.endSent:
        this.#ends.sent(object, peer, arg === 1);
        break;
      case Op.endLost:
        this.#ends.lost(object, arg);
        break;
    }
  }

  /** A connection has ended, and with it whoever had it. */
  end(guest: Guest): void {
    const { peer } = guest;
    if (peer === null) return;
    guest.peer = null;
    this.#pids.delete(peer.id);
    const waits = [...peer.waits.values()];
    peer.waits.clear();
    this.#barriers.ended(peer, !guest.isDone);
    for (const waiter of waits) waiter.line.leave(waiter);
    for (const id of this.arena.ids()) {
      const kind = this.arena.kindOf(id);
      if (kind === CellKind.lock) this.#locks.rescan(id, peer.id);
      else if (kind === CellKind.semaphore) this.#semaphores.rescan(id, peer.id, !guest.isDone);
    }
    this.#events.rescan();
    this.#ends.ended(peer);
    this.#queues.rescan();
  }

  /** Circles of processes that have waited for one another's locks for longer than so many ms. */
  circles(ms: number): Circle[] {
    const pidOf = (peer: number) => this.#pids.get(peer) ?? 0;
    return circlesIn(
      this.#locks.waitedFor(ms).map(({ waiter: { peer, object }, holder }) => ({
        ...{ lock: object, waiter: peer.id, waiterPid: peer.pid, holder, holderPid: pidOf(holder) },
      })),
    );
  }

  /** Whether anybody waits for a lock. */
  get isLockWaited(): boolean {
    return this.#locks.isWaited;
  }

  #greet(guest: Guest, pid: number, seq: number, isOwner: boolean): void {
    if (guest.peer !== null) return;
    const id = isOwner ? OWNER : ++this.#peers;
    guest.peer = { id, pid, waits: new Map(), send: guest.send };
    this.#pids.set(id, pid);
    guest.send(Answer.granted, 0, seq, id);
  }

  #waiter(peer: Peer, object: number, seq: number, note: number): Waiter {
    const waiter: Waiter = { peer, object, seq, note, line: this.#locks, sinceMs: this.now() };
    peer.waits.set(seq, waiter);
    return waiter;
  }

  /** If it is not there it was granted, and the answer is on its way. */
  #cancel(peer: Peer, seq: number, why: number): void {
    const waiter = peer.waits.get(seq);
    waiter?.line.giveUp(waiter, why);
  }
}
