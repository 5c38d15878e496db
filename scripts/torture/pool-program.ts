/**
 * The program that torture-pool.ts runs: calls of every kind go through a pool whose workers are killed every few moments. A wrong
 * result, an item that is done twice, an error that is no lost worker, or a call that never settles, is a violation.
 *
 * Arguments: seconds, kills at most, processes, seed, ms until a call counts as stuck.
 */
import { readFileSync } from "node:fs";
import { Pool, SharedArray, WorkerLost } from "lanes";
import { below, random } from "../../src/explore/schedule/random.ts";

type Words = SharedArray<"int32">;

/** Items of one batch of calls. */
const ITEMS = 64;
/** Batches until numbers of items come again: what was begun of a call that failed may still run in the next one. */
const BATCHES = 32;
const WORDS = ITEMS * BATCHES;
/** Who was seen at work, by the item it was at. */
const pidAt = (id: number) => WORDS + (id % ITEMS);

/** The task: notes that it was begun, and by whom; its result is known beforehand. */
async function work(id: number, words: Words, ms: number): Promise<number> {
  words.add(id, 1);
  words.data[pidAt(id)] = process.pid;
  if (ms > 1) await Bun.sleep(ms);
  else for (const until = performance.now() + ms; performance.now() < until; );
  return id * 3 + 1;
}

let given: Words | undefined;
/** The initializer: what a task of one argument works with. */
function give(words: Words): void {
  given = words;
}

function one(id: number): Promise<number> {
  return work(id, given as Words, id % 3);
}

/** Whether it is a child of this process that runs. */
function isWorker(pid: number): boolean {
  try {
    return new RegExp(`^State:\\s+[^ZX][^]*^PPid:\\s+${process.pid}$`, "m").test(
      readFileSync(`/proc/${pid}/status`, "utf8"),
    );
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const [seconds = 10, kills = 1e9, procs = 4, seed = 1, patience = 60_000] = process.argv.slice(2, 7).map(Number);
  const chance = random(seed);
  const next = (n: number) => below(chance, n);
  const violations: string[] = [];
  const violation = (text: string) => violations.push(text);
  const count = { kills: 0, calls: 0, items: 0, lost: 0, batches: 0 };
  const words: Words = new SharedArray("int32", WORDS + ITEMS);
  let batch = 0;
  let isOver = false;

  /** Kills workers that are at work, or were a moment ago. */
  const killing = (async () => {
    while (!isOver && count.kills < kills) {
      await Bun.sleep(1 + next(25));
      const pid = words.data[pidAt(next(ITEMS))] ?? 0;
      if (pid === 0 || !isWorker(pid)) continue;
      process.kill(pid, "SIGKILL");
      count.kills++;
    }
  })();

  /** What came of a call on these items: right, or lost with a worker. */
  async function checked(ids: readonly number[], call: Promise<readonly number[]>): Promise<void> {
    count.calls++;
    count.items += ids.length;
    try {
      const results = await call;
      if (results.length !== ids.length || results.some((result, i) => result !== (ids[i] ?? 0) * 3 + 1))
        violation(`batch ${batch}: ${ids} came to ${results}`);
      const undone = ids.filter((id) => words.data[id] !== 1);
      if (undone.length > 0)
        violation(`batch ${batch}: has results of ${undone}, begun ${undone.map((id) => words.data[id])} times`);
    } catch (error) {
      if (!(error instanceof WorkerLost)) violation(`batch ${batch}: ${(error as Error).stack}`);
      count.lost++;
    }
  }

  /** Results taken behind every lost one: each is there in its order, of an item begun once; none is missing but with a loss. */
  async function behind(ids: readonly number[], results: AsyncIterator<number>): Promise<void> {
    count.calls++;
    count.items += ids.length;
    const found: number[] = [];
    let lost = 0;
    for (;;) {
      try {
        const { done, value } = await results.next();
        if (done) break;
        found.push((value - 1) / 3);
      } catch (error) {
        if (!(error instanceof WorkerLost)) violation(`batch ${batch}: ${(error as Error).stack}`);
        lost++;
      }
    }
    count.lost += lost;
    const wrong = found.some((id, i) => !ids.includes(id) || id <= (found[i - 1] ?? -1) || words.data[id] !== 1);
    if (wrong || (lost === 0 && found.length !== ids.length))
      violation(`batch ${batch}: ${found} of ${ids}, ${lost} lost`);
  }

  async function gathered(results: AsyncIterable<number>): Promise<number[]> {
    const all: number[] = [];
    for await (const result of results) all.push(result);
    return all;
  }

  const until = performance.now() + seconds * 1000;
  while (violations.length === 0 && count.kills < kills && performance.now() < until) {
    const maxTasksPerChild = next(3) === 0 ? 1 + next(5) : undefined;
    const pool = new Pool(procs, { initializer: give, initArgs: [words], maxTasksPerChild });
    for (let times = 0; times < 6 && violations.length === 0; times++) {
      batch = ++count.batches;
      const base = (batch % BATCHES) * ITEMS;
      words.data.fill(0, base, base + ITEMS);
      const calls: Promise<void>[] = [];
      for (let at = 0; at < ITEMS; ) {
        const ids = Array.from({ length: Math.min(1 + next(12), ITEMS - at) }, (_, i) => base + at + i);
        at += ids.length;
        const chunkSize = 1 + next(6);
        const kind = next(5);
        if (kind === 0)
          for (const id of ids)
            calls.push(
              checked(
                [id],
                pool.apply(work, id, words, next(4)).then((result) => [result]),
              ),
            );
        else if (kind === 1) calls.push(checked(ids, pool.map(one, ids, { chunkSize })));
        else if (kind === 2)
          calls.push(
            checked(
              ids,
              pool.starmap(
                work,
                ids.map((id) => [id, words, 0.2]),
              ),
            ),
          );
        else if (kind === 3) calls.push(behind(ids, pool.imap(one, ids, { chunkSize, ahead: 4 })));
        else calls.push(checked(ids, gathered(pool.imap(one, ids, { chunkSize, ahead: 4 }))));
      }
      const all = Promise.all(calls).then(() => true);
      if (!(await Promise.race([all, Bun.sleep(patience).then(() => false)])))
        violation(`batch ${batch}: a call never settles`);
      const twice = [...words.data.slice(base, base + ITEMS)].flatMap((times, i) => (times > 1 ? [base + i] : []));
      if (twice.length > 0) violation(`batch ${batch}: ${twice} were begun more than once`);
    }
    if (violations.length > 0 || next(2) === 0) pool.terminate();
    else pool.close();
    if (violations.length > 0) break;
    const gone = pool.join().then(() => true);
    if (!(await Promise.race([gone, Bun.sleep(patience).then(() => false)]))) violation("a pool does not end");
  }
  isOver = true;
  await killing;
  for (const text of violations.slice(0, 5)) console.log(`violation: ${text}`);
  console.log(JSON.stringify(count));
  process.exit(0);
}
