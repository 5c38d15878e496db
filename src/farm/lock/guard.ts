/**
 * What outlives a killed lanes that has something in a database. Where a command ran under a lock, it ends the command, and when
 * nothing of it is left lets go of the lock, so that the next one does not have to wait for the lease to be over. Where lanes has
 * made something for itself alone, it removes that. All of it over a connection of its own.
 *
 * Address, password and lock reach it through a nameless file: nobody sees them in its arguments or its environment.
 */
import { closeSync, readFileSync, writeSync } from "node:fs";
import { openMemoryFile } from "../../os/files/tempfile.ts";
import { Guard, runGuard, TOLD_FD } from "../../process/guard/guard.ts";
import { FARM_GUARD_SENTINEL } from "../../process/sentinels.ts";
import type { FarmAddress } from "../address.ts";
import { ANSWER_MS, FarmConnection } from "../connection.ts";
import { keepFreeing, keepTrying } from "./free.ts";
import type { HeldLease } from "./statements.ts";

interface Told {
  readonly address: FarmAddress;
  /** What to let go of, before its lease is over. */
  readonly held?: HeldLease & { readonly leaseMs: number };
  /** A statement that removes what is of no use to anybody else. */
  readonly remove?: string;
}

/** How long it tries to remove something, ms. */
const REMOVE_MS = 60_000;
/** What was being done for lanes when it was killed may come to its end in this time, ms. */
const AFTER_MS = 300;

/** The guard for what is going to be started under this lock. */
export function farmGuard(
  address: FarmAddress,
  { name, holder, slot }: HeldLease,
  leaseMs: number,
): Guard & { forget(): void } {
  return guardTold({ address, held: { name, holder, slot, leaseMs } });
}

/**
 * From now on the statement is carried out when this process is gone, however that happens, unless it has been ended.
 * @param remove may be repeated.
 */
export function removedAfterUs(address: FarmAddress, remove: string): { end(): Promise<void> } {
  const guard = guardTold({ address, remove });
  guard.note("farm").clear(); // it starts, and has nothing to kill
  return {
    async end() {
      await guard.close();
      guard.forget();
    },
  };
}

function guardTold(told: Told): Guard & { forget(): void } {
  const file = openMemoryFile();
  writeSync(file, JSON.stringify(told), 0);
  return Object.assign(new Guard(FARM_GUARD_SENTINEL, file), { forget: () => closeSync(file) });
}

/** What main.ts runs in it. Resolves to its exit code. */
export async function runFarmGuard(): Promise<number> {
  await runGuard(Number.POSITIVE_INFINITY);
  const { address, held, remove } = JSON.parse(readFileSync(TOLD_FD, "utf8")) as Told;
  const connection = new FarmConnection(address);
  // When the lease is over the lock is free by itself.
  if (held !== undefined) await keepFreeing(connection, held, ANSWER_MS, held.leaseMs);
  if (remove !== undefined) {
    await Bun.sleep(AFTER_MS);
    await keepTrying(() => connection.query(remove), REMOVE_MS);
  }
  return 0;
}
