/** What the database alone can do for jobs: taken, told of, collected, and nothing executed. */
import type { FarmAddress } from "../../src/farm/address.ts";
import { FarmConnection } from "../../src/farm/connection.ts";
import { closeBatch, openBatch, putJobs, removeBatch } from "../../src/farm/jobs/batch-statements.ts";
import { endedJobs, takeJobs } from "../../src/farm/jobs/collect-statements.ts";
import type { RunSpec } from "../../src/farm/jobs/payload.ts";
import { claimJobs, completeJobs, leaveFarm, registerWorker } from "../../src/farm/jobs/worker-statements.ts";

const spec: RunSpec = {
  ...{ kind: "run", command: ["true"], shell: null, folder: "/", env: {}, timeout: null, maxOutput: 1 },
  ...{ noOverlap: false, keepOrder: false, tag: false },
};
const owner = { host: "bench", pid: process.pid, user: "bench", command: [], version: "" };
const result = {
  ...{ exit: 0, code: 0, signal: null, timedOut: false, ms: 1, cpuMs: 1, maxRssKb: 1, out: 0, err: 0 },
  ...{ received: 0, notice: null, host: "bench", slot: 1, pid: 1, ppid: 1 },
};
/** As many as a worker of four slots takes with short jobs. */
export const AT_ONCE = 36;
const PUT = 1_000;
/** A worker looks from the start again so often, ms (batches.ts). */
const FROM_START_MS = 3_000;

/** Jobs through the database by so many workers. @returns jobs a second: of all, and of each quarter. */
export async function protocol(address: FarmAddress, jobs: number, workers: number) {
  const connection = new FarmConnection(address);
  const token = crypto.randomUUID();
  const batch = { name: token, token, spec, owner, tries: 1, delayMs: 0, halt: null };
  const { id } = (await openBatch(connection, batch)) ?? { id: 0 };
  for (let from = 1; from <= jobs; from += PUT) {
    const some = Array.from({ length: Math.min(PUT, jobs - from + 1) }, (_, at) => from + at);
    await putJobs(
      connection,
      id,
      some.map((seq) => ({ seq, payload: Buffer.from("12345678") })),
    );
  }
  await closeBatch(connection, id, jobs);
  const began = performance.now();
  const marks: number[] = [];
  let done = 0;
  const work = async () => {
    const own = new FarmConnection(address);
    const worker = await registerWorker(own, { token: crypto.randomUUID(), owner, slots: 4, ttlMs: 60_000 });
    let low = 0;
    let lookedMs = performance.now();
    for (let claim = 1; ; claim += 1) {
      if (performance.now() - lookedMs > FROM_START_MS) [low, lookedMs] = [0, performance.now()];
      const rows = await claimJobs(own, { worker, claim, batches: [id], low: [low], most: AT_ONCE });
      if (rows === null) throw new Error("a worker was given up");
      const first = rows[0];
      if (first === undefined && low === 0) break;
      low = first === undefined ? 0 : first.seq - 1;
      if (first === undefined) continue;
      const ended = rows.map((of) => ({
        of,
        failed: false,
        result,
        agoMs: 0,
        out: Buffer.alloc(0),
        err: Buffer.alloc(0),
      }));
      await completeJobs(own, worker, ended, 60_000);
      done += rows.length;
      while (done >= ((marks.length + 1) * jobs) / 4) marks.push(performance.now());
    }
    await leaveFarm(own, worker, 10_000);
    own.close();
  };
  const collect = async () => {
    for (let taken = 0, low = 0; taken < jobs; ) {
      const some = await endedJobs(connection, id, { above: low, upTo: jobs, but: [], most: 500 });
      if (some.length > 0)
        await takeJobs(
          connection,
          id,
          token,
          some.map(({ seq }) => seq),
        );
      else await Bun.sleep(5);
      low = some.length > 0 ? (some[0]?.seq ?? 1) - 1 : 0;
      taken += some.length;
    }
  };
  await Promise.all([collect(), ...Array.from({ length: workers }, work)]);
  const seconds = (performance.now() - began) / 1e3;
  await removeBatch(connection, id, null);
  connection.close();
  const quarters = marks.map((mark, at) => jobs / 4 / ((mark - (marks[at - 1] ?? began)) / 1e3));
  return { rate: jobs / seconds, quarters };
}
