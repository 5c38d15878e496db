/**
 * The chain of processes everything else waited for: from the command's end backwards, whoever ended last before the moment at
 * which its parent could go on. Nothing that is not on it, made faster, makes the whole faster.
 *
 *     make ──┬── cc a ───────────┐
 *            └── cc b ──┐ cc c ──────────┐ ld ──┐        make, cc b, cc c, ld, make
 *
 * Found while the processes end, in bounded memory: each child that has ended points to the one that ended last before it
 * began; of long chains the short links are left out.
 */
import type { CriticalStretch } from "../recording/results/trace-result.ts";
import type { Traced, TraceWatcher } from "./traced.ts";

/** Children of one process that are kept, and the longest chain of them. */
const MOST = 512;
/** Between the end of a child and the start of the next one, that it made room for, the clocks may differ so much, ms. */
const SLACK_MS = 0.5;
/** A parent that was seen to compute for so long while a child ran did not wait for it, ms. */
const COMPUTES_MS = 30;

/** A child that has ended. */
interface Link {
  readonly pid: number;
  readonly ppid: number;
  readonly command: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The last of its own children that it waited for. */
  readonly inner: Link | undefined;
  /** Its sibling that ended last before it began. */
  readonly before: Link | undefined;
  /** How many links there are with this one, back to the oldest. */
  readonly length: number;
}

export class CriticalPath implements TraceWatcher {
  /** The children of each process that have ended, in the order of their ends. */
  readonly #ended = new Map<Traced, Link[]>();
  #root: Link | undefined;

  onEvent(event: { readonly type: string }, process: Traced): void {
    if (event.type !== "exit") return;
    const inner = this.#ended.get(process)?.at(-1);
    this.#ended.delete(process);
    const { pid, ppid, command, startMs, endMs = startMs, parent } = process;
    const own = { pid, ppid, command, startMs, endMs, inner };
    if (parent === undefined) {
      if (process.generation === 0) this.#root = { ...own, before: undefined, length: 1 };
      return;
    }
    if (parent.state === "runs" && parent.sinceMs < startMs && endMs - startMs > COMPUTES_MS) return;
    const siblings = this.#ended.get(parent) ?? [];
    const before = siblings.findLast((other) => other.endMs <= startMs + SLACK_MS);
    const length = (before?.length ?? 0) + 1;
    siblings.push(length > MOST ? { ...own, ...thinned(before) } : { ...own, before, length });
    if (siblings.length > MOST) siblings.splice(0, MOST / 2);
    this.#ended.set(parent, siblings);
  }

  /** The stretches of time in their order; those of less than a thousandth of the whole are part of the parent's. */
  stretches(wallMs: number): CriticalStretch[] {
    const found: CriticalStretch[] = [];
    if (this.#root !== undefined) spread(this.#root, wallMs / 1e3, found);
    return found;
  }
}

/** The parent's own time, the child's, the parent's again. */
function spread({ inner, before: _, length: __, ...own }: Link, leastMs: number, found: CriticalStretch[]): void {
  const children: Link[] = [];
  for (let link = inner; link !== undefined; link = link.before) children.push(link);
  let at = own.startMs;
  const push = (endMs: number) => {
    if (endMs - at >= leastMs) found.push({ ...own, startMs: at, endMs });
  };
  for (const child of children.reverse()) {
    if (child.endMs - child.startMs < leastMs) continue;
    push(child.startMs);
    spread(child, leastMs, found);
    at = Math.max(at, child.endMs);
  }
  push(own.endMs);
}

/** A chain without the shorter half of its links. */
function thinned(chain: Link | undefined): { before: Link | undefined; length: number } {
  const links: Link[] = [];
  for (let link = chain; link !== undefined; link = link.before) links.push(link);
  const lengths = links.map(({ startMs, endMs }) => endMs - startMs).sort((a, b) => a - b);
  const least = lengths[lengths.length >> 1] ?? 0;
  let room = links.length >> 1;
  let before: Link | undefined;
  for (const link of links.reverse()) {
    if (link.endMs - link.startMs < least || room-- <= 0) continue;
    before = { ...link, before, length: (before?.length ?? 0) + 1 };
  }
  return { before, length: (before?.length ?? 0) + 1 };
}
