/** Who could end a wait: the holder of a lock, the other end of a pipe, who else has a semaphore. Answers are kept for a moment. */
import { procDescriptor, procEnds, procText } from "../os/process/proc-of.ts";
import { socketPeer } from "../os/socket-peer.ts";
import type { Traced } from "./traced.ts";

/** Answers that took looking into every process are as old as this at most, ms. */
const KEEP_MS = 50;
/** Of more processes than this nobody's descriptors are looked through. */
const MOST = 300;

interface Ends {
  readonly readers: number[];
  readonly writers: number[];
}

export class Holders {
  #locks: { readonly text: string; readonly t: number } = { text: "", t: Number.NEGATIVE_INFINITY };
  #ends: { readonly map: Map<string, Ends>; readonly t: number } = { map: new Map(), t: Number.NEGATIVE_INFINITY };
  readonly #shared = new WeakMap<Traced, { readonly command: string; readonly shares: readonly SharedMapping[] }>();

  constructor(private readonly live: ReadonlyMap<number, Traced>) {}

  /** All that live, and zombies; the oldest first. */
  processes(): Iterable<Traced> {
    return this.live.values();
  }

  /** Who holds the file lock that a process waits for; 0 if the kernel does not say. */
  ofLock(pid: number, t: number): number {
    if (t - this.#locks.t > KEEP_MS / 10) this.#locks = { text: procText("locks"), t };
    return lockHolder(this.#locks.text, pid);
  }

  /** Somebody else who has the other end of a pipe, and does not itself wait for this one. */
  ofPipe(name: string, pid: number, end: "readers" | "writers", t: number): number {
    const others = (this.#endsNow(t).get(name)?.[end] ?? []).filter((other) => other !== pid);
    return others.find((other) => this.live.get(other)?.waits?.on !== name) ?? others[0] ?? 0;
  }

  /** Who has the other end of a socket; 0 if that is not one of the processes, or the kernel does not say. */
  ofSocket(name: string, pid: number, t: number): number {
    const peer = socketPeer(Number(name.slice("socket:[".length, -1)));
    const ends = peer === 0 ? undefined : this.#endsNow(t).get(`socket:[${peer}]`);
    return ends?.readers.find((other) => other !== pid) ?? 0;
  }

  #endsNow(t: number): Map<string, Ends> {
    if (t - this.#ends.t <= KEEP_MS) return this.#ends.map;
    const map = new Map<string, Ends>();
    if (this.live.size <= MOST) {
      for (const { pid, state } of this.live.values()) {
        if (state === "zombie") continue;
        for (const { name, reads, writes } of procEnds(pid)) {
          const ends = map.get(name) ?? { readers: [], writers: [] };
          if (reads) ends.readers.push(pid);
          if (writes) ends.writers.push(pid);
          map.set(name, ends);
        }
      }
    }
    this.#ends = { map, t };
    return map;
  }

  /**
   * The shared memory an address of a process lies in, as all who share it know it; undefined if it is the process's own.
   * A semaphore of multiprocessing is a word in such memory.
   */
  sharedWord(process: Traced, address: number): string | undefined {
    const share = this.#sharesOf(process).find(({ from, to }) => address >= from && address < to);
    return share === undefined ? undefined : `${share.key}+${address - share.from + share.offset}`;
  }

  /**
   * Who has a semaphore that others wait for: the kernel does not know it. If of all that share it exactly one neither waits
   * for it nor for a child, it can only be that one; otherwise 0.
   */
  ofSemaphore(word: string, pid: number): number {
    const key = word.slice(0, word.lastIndexOf("+"));
    const others = [...this.live.values()].filter((other) => {
      if (other.pid === pid || other.state === "zombie" || other.waits?.why === "child") return false;
      if (other.waits?.on === word) return false;
      return this.#sharesOf(other).some((share) => share.key === key);
    });
    return others.length === 1 ? (others[0]?.pid ?? 0) : 0;
  }

  #sharesOf(process: Traced): readonly SharedMapping[] {
    const known = this.#shared.get(process);
    if (known !== undefined && known.command === process.command) return known.shares;
    const shares = sharedMemory(procText(`${process.pid}/maps`));
    // One that has not executed yet may share what its parent does, and soon no more: it is looked at again.
    if (shares.length > 0) this.#shared.set(process, { command: process.command, shares });
    return shares;
  }
}

/** A piece of memory that several processes can share. */
export interface SharedMapping {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
  /** Device and inode, the same in every process. */
  readonly key: string;
}

/** The shared memory in a text of /proc/PID/maps. */
export function sharedMemory(maps: string): SharedMapping[] {
  const shares: SharedMapping[] = [];
  for (const [, from = "", to = "", offset = "", device = "", inode = ""] of maps.matchAll(
    /^([0-9a-f]+)-([0-9a-f]+) ...s ([0-9a-f]+) (\S+) (\d+)/gm,
  )) {
    const hex = (text: string) => Number.parseInt(text, 16);
    shares.push({ from: hex(from), to: hex(to), offset: hex(offset), key: `${device}:${inode}` });
  }
  return shares;
}

/**
 * Who holds what a process waits for, by /proc/locks: the holder's line and its waiters' (`->`) have the same number.
 * 0 if nobody is named there.
 */
export function lockHolder(text: string, pid: number): number {
  const lines = text.split("\n").map((line) => /^(\d+): (-> )?\s*(\S+)\s+\S+\s+\S+\s+(-?\d+) /.exec(line));
  const waits = lines.find((line) => line?.[2] !== undefined && Number(line[4]) === pid);
  const holds = lines.find((line) => line != null && line[2] === undefined && line[1] === waits?.[1]);
  return waits == null || holds == null ? 0 : Math.max(0, Number(holds[4]));
}

/** The file of a descriptor, for a person: a deleted one is still that file. */
export function fileOf(pid: number, fd: number): string {
  return procDescriptor(pid, fd).replace(/ \(deleted\)$/, "");
}
