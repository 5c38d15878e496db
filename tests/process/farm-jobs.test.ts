/** The statements about jobs, in a real database: what cannot be brought about from outside in a short time. */
import { expect, test } from "bun:test";
import { farmAddress } from "../../src/farm/address.ts";
import { Connection } from "../../src/farm/connection.ts";
import {
  batchProgress,
  collectBatch,
  openBatch,
  putJobs,
  removeBatch,
  stopBatch,
} from "../../src/farm/jobs/batch-statements.ts";
import { claimJobs, giveUpOthers, registerWorker } from "../../src/farm/jobs/worker-statements.ts";
import { prepare } from "../../src/farm/schema.ts";
import { hasPostgres, Postgres } from "../support/postgres.ts";

test.skipIf(!hasPostgres)("a job that kills its machines takes only itself along", async () => {
  await using server = await Postgres.start();
  const database = await server.database();
  const connection = new Connection(farmAddress(server.url(database)).address);
  await prepare(connection);
  const owner = { host: "h", pid: 1, user: "u", command: [] };
  const spec = { kind: "run", command: [], shell: null, folder: "/", env: {}, timeout: null, maxOutput: 1 } as const;
  const rest = { noOverlap: false, keepOrder: false, tag: false };
  const batch = { name: "b", token: "t", spec: { ...spec, ...rest }, owner, tries: 1, delayMs: 0, halt: null };
  const { id } = (await openBatch(connection, batch)) ?? { id: 0 };
  const seqs = [1, 2, 3, 4, 5, 6];
  await putJobs(
    connection,
    id,
    seqs.map((seq) => ({ seq, payload: Buffer.alloc(0) })),
  );
  const worker = () =>
    registerWorker(connection, {
      token: crypto.randomUUID(),
      owner: { ...owner, version: "" },
      slots: 4,
      ttlMs: 5_000,
    });
  const take = async (me: number, claim: number) => {
    const rows = await claimJobs(connection, { worker: me, claim, batches: [id], low: [0], most: 10 });
    return rows?.map(({ seq }) => seq);
  };
  const other = await worker();
  /** A machine that takes what it can get, and dies of job 3 if it has that. */
  const dies = async () => {
    const me = await worker();
    const took = (await take(me, 1)) ?? [];
    const past = "lease = lanes.clock() - interval '1 minute'";
    await server.ask(database, `update lanes.worker set ${past} where id = ${me}`);
    await server.ask(
      database,
      `update lanes.worker set contact = lanes.clock() - interval '1 hour' where id = ${other}`,
    );
    expect(await giveUpOthers(connection, other, 10_000)).toBe(1);
    return took;
  };
  expect(await dies()).toEqual(seqs);
  expect(await dies()).toEqual(seqs);
  // From now on each of them may be the one: a machine has one of them at a time.
  const innocent = await worker();
  expect(await take(innocent, 1)).toEqual([1]);
  expect(await take(innocent, 2)).toEqual([]);
  const second = await worker();
  expect(await take(second, 1)).toEqual([2]);
  expect(await dies()).toEqual([3]);
  const states = await server.ask(database, "select seq::int, state, result from lanes.job where state = 2");
  // Who was stopped for long, and whose results somebody else takes by now, ends nothing of it any more.
  await server.ask(database, `update lanes.batch set seen = lanes.clock() - interval '1 second' where id = ${id}`);
  expect(await collectBatch(connection, id, "other")).toBe(true);
  expect(await collectBatch(connection, id, batch.token)).toBe(false);
  await stopBatch(connection, id, "cancelled", batch.token);
  await removeBatch(connection, id, batch.token);
  expect(await batchProgress(connection, id)).toMatchObject({ state: "open" });
  await stopBatch(connection, id, "cancelled", "other");
  expect(await batchProgress(connection, id)).toMatchObject({ state: "cancelled" });
  await removeBatch(connection, id, null);
  expect(await batchProgress(connection, id)).toBeUndefined();
  expect(states).toEqual([{ seq: 3, state: 2, result: { lost: 3, exit: 1, owner: { ...owner, version: "" } } }]);
  connection.close();
});
