/** The statements about jobs, in a real database: what cannot be brought about from outside in a short time. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { farmAddress } from "../../../src/farm/address.ts";
import { FarmConnection } from "../../../src/farm/connection.ts";
import {
  batchProgress,
  type NewBatch,
  openBatch,
  putJobs,
  removeBatch,
  stopBatch,
} from "../../../src/farm/jobs/batch-statements.ts";
import { collectBatch, giveUpWorkers } from "../../../src/farm/jobs/collect-statements.ts";
import { claimJobs, giveUpOthers, registerWorker, renewWorker } from "../../../src/farm/jobs/worker-statements.ts";
import { tryFarmLock } from "../../../src/farm/lock/statements.ts";
import { prepare } from "../../../src/farm/schema.ts";
import { hasPostgres, Postgres } from "../../support/postgres.ts";

const owner = { host: "h", pid: 1, user: "u", command: [] };
const spec = { kind: "run", command: [], shell: null, folder: "/", env: {}, timeout: null, maxOutput: 1 } as const;
const rest = { noOverlap: false, keepOrder: false, tag: false };
const batch = { name: "b", token: "t", spec: { ...spec, ...rest }, owner, tries: 1, delayMs: 0, halt: null };

describe.skipIf(!hasPostgres)("jobs in the database", () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await Postgres.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** A farm of its own. */
  async function farm() {
    const database = await server.database();
    const connection = new FarmConnection(farmAddress(server.url(database)).address);
    await prepare(connection);
    return { database, connection };
  }

  /** A batch with so many jobs. */
  async function opened(connection: FarmConnection, n: number, options: Partial<NewBatch> = {}): Promise<number> {
    const { id } = (await openBatch(connection, { ...batch, ...options })) ?? { id: 0 };
    const jobs = Array.from({ length: n }, (_, i) => ({ seq: i + 1, payload: Buffer.alloc(0) }));
    await putJobs(connection, id, jobs);
    return id;
  }

  const registered = (connection: FarmConnection, ttlMs: number) =>
    registerWorker(connection, { token: crypto.randomUUID(), owner: { ...owner, version: "" }, slots: 4, ttlMs });

  test("a job that kills its machines takes only itself along", async () => {
    const { database, connection } = await farm();
    const seqs = [1, 2, 3, 4, 5, 6];
    const id = await opened(connection, seqs.length);
    const worker = () => registered(connection, 5_000);
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
        `update lanes.worker set contact = lanes.clock() - interval '1 hour', lease = lanes.clock() + interval '5 s' where id = ${other}`,
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

  /** A farm whose clock is in the test's hands. */
  async function farmWithClock() {
    const { database, connection } = await farm();
    await server.ask(database, "create table public.late (by interval); insert into public.late values ('0')");
    await server.ask(
      database,
      "create or replace function lanes.clock() returns timestamptz language sql as 'select timestamptz ''2030-01-01'' + by from public.late'",
    );
    return { connection, later: (by: string) => server.ask(database, `update public.late set by = by + '${by}'`) };
  }

  test("the database's clock is put forward or back by an hour: nobody who is there loses anything, nothing stands still for it", async () => {
    const { connection, later } = await farmWithClock();
    const [me, you] = [await registered(connection, 60_000), await registered(connection, 60_000)];
    const renew = (who: number) => renewWorker(connection, who, [], {}, 60_000);
    const giveUp = () => giveUpOthers(connection, me, 60_000);
    /** Long enough for whoever does not renew meanwhile. */
    const aWhile = async () => {
      for (let i = 0; i < 5; i += 1) {
        await later("25 s");
        await renew(me);
      }
    };
    for (const step of ["1 hour", "-1 hour"]) {
      await later("20 s");
      expect([await renew(me), await renew(you)]).toEqual([[], []]);
      await later(step);
      expect([await renew(me), await giveUp()]).toEqual([[], 0]);
      expect([await renew(you), await giveUp()]).toEqual([[], 0]);
    }
    // A request that the database has kept for an hour, as it comes back.
    await later("1 hour");
    expect(await giveUp()).toBe(0);
    expect([await renew(you), await renew(me)]).toEqual([[], []]);
    // Who is gone before the clock goes back is given up after a lease all the same.
    await later("-1 hour");
    expect([await renew(me), await giveUp()]).toEqual([[], 0]);
    await aWhile();
    expect([await giveUp(), await renew(you)]).toEqual([1, null]);

    const delayed = await opened(connection, 2, { name: "delayed", delayMs: 60_000 });
    const claim = async (n: number) =>
      (await claimJobs(connection, { worker: me, claim: n, batches: [delayed], low: [0], most: 9 }))?.length;
    expect([await claim(1), await claim(2)]).toEqual([1, 0]);
    await later("-1 hour");
    expect(await claim(3)).toBe(1);

    // Whoever took a batch's results is gone.
    await collectBatch(connection, delayed, "first");
    await later("-1 hour");
    expect(await collectBatch(connection, delayed, "second")).toBe(false);
    await later("31 s");
    expect(await collectBatch(connection, delayed, "second")).toBe(true);

    // So are one who holds a lock, and one who is first in the line.
    const attempt = (holder: string) =>
      tryFarmLock(connection, { name: "l", slots: 0, holder, owner, leaseMs: 30_000 }, 60_000);
    expect([await attempt("holder"), await attempt("first"), await attempt("second")]).toMatchObject([
      { fence: 1 },
      { ahead: 0 },
      { ahead: 1 },
    ]);
    await later("-1 hour");
    expect(await attempt("second")).toMatchObject({ ahead: 1, leftMs: 30_000 });
    await later("20 s");
    expect(await attempt("second")).toMatchObject({ ahead: 1, leftMs: 10_000 });
    await later("11 s");
    expect(await attempt("second")).toMatchObject({ fence: 2 });
    connection.close();
  });

  test("where nobody works any more, whoever waits for a batch gives up those who had its jobs; not for an absence of the database", async () => {
    const { connection, later } = await farmWithClock();
    const id = await opened(connection, 1);
    const gone = await registered(connection, 60_000);
    const claim = (worker: number) => claimJobs(connection, { worker, claim: 1, batches: [id], low: [0], most: 1 });
    expect(await claim(gone)).toHaveLength(1);
    const huge = { seq: 2, payload: Buffer.alloc((64 << 20) + 1) };
    expect(await putJobs(connection, id, [huge]).catch((error) => error.key)).toBe("farm.job.large");
    const aWhile = async () => {
      for (let i = 0; i < 8; i += 1) {
        await later("10 s");
        expect(await collectBatch(connection, id, batch.token)).toBe(true);
      }
    };
    await later("1 hour"); // in which the database was away
    expect(await giveUpWorkers(connection, id, batch.token)).toBe(0);
    await collectBatch(connection, id, batch.token);
    expect(await giveUpWorkers(connection, id, batch.token)).toBe(0);
    expect(await renewWorker(connection, gone, [], {}, 60_000)).toEqual([]);
    await aWhile();
    expect(await giveUpWorkers(connection, id, "somebody")).toBe(0);
    expect(await giveUpWorkers(connection, id, batch.token)).toBe(1);
    expect(await batchProgress(connection, id)).toMatchObject({ waits: true, held: 0 });
    expect(await claim(await registered(connection, 60_000))).toMatchObject([{ seq: 1, attempt: 2 }]);
    connection.close();
  });
});
