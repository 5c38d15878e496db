/** When a lock in a database is given up: before anybody else can have it, whatever becomes of the connection. */
import { expect, test } from "bun:test";
import type { FarmConnection } from "../../../src/farm/connection.ts";
import { Contact } from "../../../src/farm/contact.ts";
import { isPassing, LateError } from "../../../src/farm/failures.ts";
import { acquire } from "../../../src/farm/lock/acquire.ts";
import { Lease, type Loss } from "../../../src/farm/lock/lease.ts";
import { bootMs } from "../../../src/os/boot-clock.ts";

const claim = {
  name: "x",
  slots: 0,
  holder: "h",
  owner: { host: "", pid: 1, user: "", command: [] },
  leaseMs: 4_000,
};
const contact = () => new Contact({ lost: () => {}, back: () => {} });

/** Keeps a lock with a database that answers like this, until it is lost. */
async function lost(answer: () => Promise<unknown[]>): Promise<{ loss: Loss; untilMs: number; asked: number }> {
  let asked = 0;
  const query = () => {
    asked += 1;
    return answer();
  };
  const untilMs = bootMs() + claim.leaseMs;
  const { promise, resolve } = Promise.withResolvers<Loss>();
  const got = { fence: 1, slot: 0, untilMs, waitedMs: 0 };
  const lease = new Lease({ query } as unknown as FarmConnection, claim, got, contact(), resolve);
  const loss = await promise;
  lease.end();
  return { loss, untilMs, asked };
}

test.each([
  ["does not answer", () => new Promise<unknown[]>(() => {})],
  ["cannot be reached", () => Promise.reject(new LateError(1))],
  ["refuses for good", () => Promise.reject(Object.assign(new Error("no"), { errno: "42501" }))],
])("a database that %s: lost while nobody else can have it", async (_, answer) => {
  const { loss, untilMs, asked } = await lost(answer);
  expect(loss.why).toBe("contact");
  expect(asked).toBeGreaterThan(0);
  // A machine so busy that the moment has passed has no time to give: it is killed at once.
  const lateMs = bootMs();
  expect(loss.killMs <= untilMs - 1_000 || loss.killMs <= lateMs).toBe(true);
});

test("a database that says no: lost at once", async () => {
  const { loss } = await lost(() => Promise.resolve([{ held: false }]));
  expect(loss.why).toBe("taken");
});

test("an answer that took as long as the lease is not believed: it is asked again", async () => {
  let asked = 0;
  const query = async () => {
    asked += 1;
    if (asked === 1) await Bun.sleep(claim.leaseMs);
    return [{ fence: 1, slot: 0 }];
  };
  const waiter = { waitMs: undefined, signal: new AbortController().signal, onWait: () => {} };
  const got = await acquire({ query } as unknown as FarmConnection, claim, waiter, contact());
  expect(asked).toBeGreaterThan(1);
  expect(got).toMatchObject({ fence: 1, slot: 0 });
});

test.each([
  ["ERR_POSTGRES_CONNECTION_CLOSED", undefined, true],
  ["ERR_POSTGRES_SERVER_ERROR", "57P01", true],
  ["ERR_POSTGRES_SERVER_ERROR", "53100", true],
  ["ERR_POSTGRES_SERVER_ERROR", "42501", false],
  ["ERR_POSTGRES_SERVER_ERROR", "28P01", false],
  [undefined, undefined, false],
])("what passes by itself is tried again, all else is not: %s %s", (code, errno, passing) => {
  const error = Object.assign(new Error(), { code, errno });
  expect(isPassing(error)).toBe(passing);
  const tried = contact().question();
  if (passing) expect(tried.failed(error)).toBeGreaterThan(0);
  else expect(() => tried.failed(error)).toThrow();
});
