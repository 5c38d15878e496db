/**
 * A lease and a count in a farm: the very rows of `lanes lock --on` (farm/lock), under names of their own, and a table beside
 * them. The farm's own `lanes.fence(name, number)` compares the numbers.
 */
import { randomBytes } from "node:crypto";
import type { FarmAddress } from "../../farm/address.ts";
import { ANSWER_MS, FarmConnection } from "../../farm/connection.ts";
import { farmError, stateOf } from "../../farm/failures.ts";
import { removedAfterUs } from "../../farm/lock/guard.ts";
import {
  freeLock,
  type Grant,
  type LeaseClaim,
  lockStates,
  makingLocks,
  removingLocks,
  renewLock,
  tryFarmLock,
} from "../../farm/lock/statements.ts";
import { ourselves } from "../../farm/owner.ts";
import { type Busy, type FarmTable, type LeasePlace, type Rejection, type Setting, type Way, ways } from "./place.ts";

/** The SQLSTATE of lanes.fence: object_not_in_prerequisite_state. */
const LATE = "55000";

const tableOf = (id: string): string => `lanes.demo_fence_${id}`;
const lockOf = (id: string, way: Way): string => `demo-fence-${id}-${way}`;
const locksOf = (id: string): string[] => ways.map((way) => lockOf(id, way));

/** One statement that makes the table, with a count of 0 for each way, and the leases, which nobody has. */
const makeText = (id: string): string => `do $$ begin
  create table ${tableOf(id)} (way text primary key, value int not null);
  insert into ${tableOf(id)} values ${ways.map((way) => `('${way}', 0)`).join(", ")};
  ${makingLocks(locksOf(id))}
end $$`;

/** One statement that removes all of it; it may be repeated. */
const removeText = (id: string): string => `do $$ begin
  ${removingLocks(locksOf(id))}
  drop table if exists ${tableOf(id)};
end $$`;

/**
 * Makes a table and leases that are removed when this process is gone, and before that by whoever `tidyUp` leaves it to.
 * @throws LanesError.
 */
export async function setUp(address: FarmAddress, tidyUp: (tidy: () => Promise<void>) => void): Promise<Setting> {
  const farm: FarmTable = { address, id: randomBytes(6).toString("hex") };
  const connection = new FarmConnection(address);
  const guard = removedAfterUs(address, removeText(farm.id));
  tidyUp(async () => {
    try {
      await ask(connection, removeText(farm.id));
      await guard.end(); // else it goes on trying when we are gone
    } finally {
      connection.close();
    }
  });
  await ask(connection, makeText(farm.id));
  return { place: { farm }, counts: () => countsOn(connection, farm.id) };
}

/** The count of each way. */
async function countsOn(connection: FarmConnection, id: string): Promise<Map<Way, number>> {
  const rows = await ask<{ way: Way; value: number }>(connection, `select way, value from ${tableOf(id)}`);
  return new Map(rows.map(({ way, value }) => [way, value]));
}

/** The rows of a statement. @throws LanesError for what a person can do something about. */
async function ask<Row>(connection: FarmConnection, text: string, values: (string | number)[] = []): Promise<Row[]> {
  return told(connection, connection.query<Row>(text, values));
}

async function told<T>({ address }: FarmConnection, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw await farmError(error, address);
  }
}

export class FarmPlace implements LeasePlace {
  readonly #connection: FarmConnection;
  readonly #name: string;
  readonly #table: string;
  /** Every acquisition is somebody else's, though by the same process. */
  #acquisitions = 0;
  #claim: LeaseClaim;
  readonly #granted = new Map<number, { readonly claim: LeaseClaim; readonly grant: Grant }>();

  constructor(
    { address, id }: FarmTable,
    private readonly way: Way,
    private readonly leaseMs: number,
  ) {
    this.#connection = new FarmConnection(address);
    this.#name = lockOf(id, way);
    this.#table = tableOf(id);
    this.#claim = this.#nextClaim();
  }

  async take(): Promise<number | Busy> {
    const claim = this.#claim;
    const answer = await this.#told(tryFarmLock(this.#connection, claim, ANSWER_MS));
    if (!("fence" in answer)) return { owner: answer.owner?.pid, leftMs: answer.leftMs };
    this.#granted.set(answer.fence, { claim, grant: answer });
    this.#claim = this.#nextClaim();
    return answer.fence;
  }

  async renew(fence: number): Promise<boolean> {
    const granted = this.#granted.get(fence);
    if (granted === undefined) return false;
    return this.#told(renewLock(this.#connection, granted.claim, granted.grant, ANSWER_MS));
  }

  async release(fence: number): Promise<void> {
    const granted = this.#granted.get(fence);
    if (granted === undefined) return;
    await this.#told(freeLock(this.#connection, { ...granted.claim, slot: granted.grant.slot }, ANSWER_MS));
  }

  async read(fence: number): Promise<number> {
    const [row] =
      this.way === "alone"
        ? await this.#ask<{ value: number }>(`select value from ${this.#table} where way = $1`, [this.way])
        : await this.#ask<{ value: number }>(
            `select value from ${this.#table}, lanes.fence($2::text, $3::bigint) where way = $1`,
            [this.way, this.#name, fence],
          );
    return row?.value ?? Number.NaN;
  }

  async write(count: number, fence: number): Promise<Rejection | null> {
    const update = `update ${this.#table} set value = $2`;
    if (this.way === "alone") {
      await this.#ask(`${update} where way = $1`, [this.way, count]);
      return null;
    }
    try {
      // One statement, one transaction: nobody gets the lease between the check and the end of the write.
      const text = `${update} from lanes.fence($3::text, $4::bigint) where way = $1`;
      await this.#connection.query(text, [this.way, count, this.#name, fence]);
      return null;
    } catch (error) {
      if (stateOf(error) !== LATE) throw await farmError(error, this.#connection.address);
      const [state] = (await this.#told(lockStates(this.#connection, this.#name))).slots;
      return { newest: state?.fence ?? Number.NaN, said: error instanceof Error ? error.message : String(error) };
    }
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  #nextClaim(): LeaseClaim {
    const owner = { ...ourselves(), command: ["lanes", "demo", "fence"] };
    const holder = `${this.#name}-${owner.pid}-${++this.#acquisitions}`;
    return { name: this.#name, slots: 0, holder, owner, leaseMs: this.leaseMs };
  }

  #ask<Row>(text: string, values: (string | number)[]): Promise<Row[]> {
    return ask(this.#connection, text, values);
  }

  #told<T>(answer: Promise<T>): Promise<T> {
    return told(this.#connection, answer);
  }
}
