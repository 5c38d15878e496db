/**
 * An end of a pipe: a queue it sends into, one it receives from. The hub knows which processes have it (hub/ends.ts). An end that a
 * process has sent to another one, and has not used itself, is the other's: else nobody would learn of that one's death.
 */
import { CellKind, EndCell } from "../cells.ts";
import { Op } from "../frames.ts";
import { ObjectPlace } from "../handle.ts";
import { QueueItems } from "./items.ts";
import { makeQueuePlace } from "./ring.ts";

/** The ends that are sent while {@link notingEnds} works. */
let noted: End[] | null = null;

/**
 * Does something that may send ends to a process which is just being made.
 * @returns what that returns, how many ends it sent, and what to call with its pid when it has ended, or 0 if it has never begun:
 *   an end that it never had does not come any more.
 */
export function notingEnds<T>(work: () => T): {
  readonly value: T;
  readonly ends: number;
  readonly ended: (pid: number) => void;
} {
  const before = noted;
  const mine: End[] = [];
  noted = mine;
  try {
    const value = work();
    const ended = (pid: number) => {
      for (const end of mine) end.tell(Op.endLost, pid);
    };
    return { value, ends: mine.length, ended };
  } finally {
    noted = before;
  }
}

/** The two ends of a new pipe; where it is not duplex, the first receives and the second sends. */
export function makeEnds(isDuplex: boolean, name: string | undefined): [ObjectPlace, ObjectPlace] {
  const there = makeQueuePlace("Pipe", 0, name);
  const back = isDuplex ? makeQueuePlace("Pipe", 0, name) : null;
  const end = (sends: ObjectPlace | null, receives: ObjectPlace | null) =>
    ObjectPlace.make(CellKind.end, {
      words: { [EndCell.sends]: sends?.id ?? 0, [EndCell.receives]: receives?.id ?? 0 },
      title: "Connection",
      name,
    });
  return [end(back, there), end(there, back)];
}

export class End {
  /** Null if it only receives. */
  readonly sends: QueueItems | null;
  /** Null if it only sends. */
  readonly receives: QueueItems | null;
  /** This process has closed it. */
  isClosed = false;
  /** The hub counts this process among those who have it. */
  #isHeld = true;
  #isUsed = false;

  /** @param wasGiven whether another process, or this one, has sent it here. */
  constructor(
    readonly place: ObjectPlace,
    wasGiven: boolean,
  ) {
    const items = (word: number) => {
      const id = place.load(word);
      return id === 0 ? null : new QueueItems(place.sibling(id, place.name));
    };
    this.sends = items(EndCell.sends);
    this.receives = items(EndCell.receives);
    this.tell(Op.endOpen, Number(wasGiven));
  }

  /** It is being sent to another process. */
  sent(): void {
    const isLent = this.#isHeld && !this.#isUsed;
    if (isLent) this.#isHeld = false;
    this.tell(Op.endSent, Number(isLent));
    noted?.push(this);
  }

  /** This process is going to use it. */
  use(): void {
    this.#isUsed = true;
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.tell(Op.endOpen, 0);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.tell(Op.endClose, 0);
  }

  tell(op: number, arg: number): void {
    this.place.shared.connection.tell(op, this.place.id, arg);
  }
}
