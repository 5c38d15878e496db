/**
 * What outlives a killed lanes whose command ran under a lock in a database: it ends the command, and when nothing of it is left
 * lets go of the lock, over a connection of its own. So the next one does not have to wait for the lease to be over.
 *
 * Address, password and lock reach it through a nameless file: nobody sees them in its arguments or its environment.
 */
import { closeSync, readFileSync, writeSync } from "node:fs";
import { openMemoryFile } from "../../os/tempfile.ts";
import { Guard, runGuard, TOLD_FD } from "../../process/guard/guard.ts";
import { FARM_GUARD_SENTINEL } from "../../process/sentinels.ts";
import type { Address } from "../address.ts";
import { ANSWER_MS, Connection } from "../connection.ts";
import { keepFreeing } from "./free.ts";
import type { Held } from "./statements.ts";

interface Told {
  readonly address: Address;
  readonly held: Held;
  readonly leaseMs: number;
}

/** The guard for what is going to be started under this lock. */
export function farmGuard(address: Address, { name, holder, slot }: Held, leaseMs: number): Guard & { forget(): void } {
  const file = openMemoryFile();
  const told: Told = { address, held: { name, holder, slot }, leaseMs };
  writeSync(file, JSON.stringify(told), 0);
  return Object.assign(new Guard(FARM_GUARD_SENTINEL, file), { forget: () => closeSync(file) });
}

/** What main.ts runs in it. Resolves to its exit code. */
export async function runFarmGuard(): Promise<number> {
  await runGuard(Number.POSITIVE_INFINITY);
  const { address, held, leaseMs } = JSON.parse(readFileSync(TOLD_FD, "utf8")) as Told;
  // When the lease is over the lock is free by itself.
  await keepFreeing(new Connection(address), held, ANSWER_MS, leaseMs);
  return 0;
}
