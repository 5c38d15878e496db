/**
 * The critical section of the torture run: a few numbers in a file that only whoever is inside may touch, so that a second one
 * inside cannot stay unnoticed.
 *
 *   inside, started   the process that is in (0: nobody); found alive by somebody who enters: a violation
 *   namespace         the one its pid is of: of another one nobody can tell; then the counter alone has to show it
 *   dirty, committed  the counter, while it is changed and when that is done; found changed by somebody else: a violation
 *
 * Killed inside, a process leaves `inside` behind and `dirty` ahead of `committed`: the next one repairs that. Every
 * increment is also counted by whoever made it, in a file of its own: no lost increment can hide.
 */
import { appendFileSync, closeSync, openSync, readFileSync, readlinkSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

const fields = { inside: 0, started: 1, dirty: 2, committed: 3, namespace: 4 } as const;
export const regionBytes = 8 * Object.keys(fields).length;

export const regionFile = (dir: string) => join(dir, "region");
export const violationsFile = (dir: string) => join(dir, "violations");
export const acksFolder = (dir: string) => join(dir, "acks");

/** linux/sched.h: on its way through exit(2). */
const PF_EXITING = 0x4;

/**
 * The kernel's start time of a process; 0 if there is none, or it never runs its program again: a zombie, or one that is
 * exiting. The kernel frees an exiting process's flock some steps before it calls it a zombie, so the next one may be in by
 * then; what the dead one wrote is checked all the same, by the numbers it left.
 */
export function startedOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ended = state === "Z" || state === "X" || (Number(rest[5]) & PF_EXITING) !== 0;
    return ended ? 0 : Number(rest[18]);
  } catch {
    return 0;
  }
}

/** The number of increments that were committed. */
export function committed(dir: string): number {
  const numbers = new Float64Array(regionBytes / 8);
  const fd = openSync(regionFile(dir), "r");
  readSync(fd, numbers, 0, regionBytes, 0);
  closeSync(fd);
  return numbers[fields.committed] ?? 0;
}

/** One process's way through the region, once for every lock it gets. */
export class Region {
  readonly #fd: number;
  readonly #ackFd: number;
  readonly #me = [process.pid, startedOf(process.pid)] as const;
  readonly #namespace = Number(/\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0]);
  #acks = 0;

  constructor(readonly dir: string) {
    this.#fd = openSync(regionFile(dir), "r+");
    this.#ackFd = openSync(join(acksFolder(dir), [...this.#me, this.#namespace].join("-")), "w");
  }

  /** Enters, increments the counter, leaves; `linger` is called in the middle. */
  pass(linger: () => void): void {
    const before = this.#read();
    const [inside, started, , counter, namespace] = before;
    if (namespace === this.#namespace && inside !== 0 && startedOf(inside) === started)
      this.#report(`${inside} is inside`, before);
    this.#write([...this.#me, counter + 1, counter, this.#namespace]);
    linger();
    const after = this.#read();
    if (after[0] !== this.#me[0] || after[4] !== this.#namespace || after[2] !== counter + 1 || after[3] !== counter)
      this.#report("changed by another", after);
    this.#write([0, 0, counter + 1, counter + 1, 0]);
    this.#acks += 1;
    writeSync(this.#ackFd, `${this.#acks}\n`, 0);
  }

  #read(): [number, number, number, number, number] {
    const numbers = new Float64Array(regionBytes / 8);
    readSync(this.#fd, numbers, 0, regionBytes, 0);
    const [inside = 0, started = 0, dirty = 0, counter = 0, namespace = 0] = numbers;
    return [inside, started, dirty, counter, namespace];
  }

  #write(numbers: readonly number[]): void {
    writeSync(this.#fd, Float64Array.from(numbers), 0, regionBytes, 0);
  }

  #report(what: string, found: readonly number[]): void {
    appendFileSync(violationsFile(this.dir), `pid ${process.pid}: ${what} [${found.join(" ")}]\n`);
  }
}
