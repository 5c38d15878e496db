/** Where a lease and what it protects lie: in a file of SQLite's (sqlite.ts), or in a farm (farm.ts). */
import type { FarmAddress } from "../../farm/address.ts";

/** What protects the count: the lease alone, or its number as well. Each way has a lease and a count of its own. */
export type Way = "alone" | "fenced";
export const ways: readonly Way[] = ["alone", "fenced"];

/** The lease was not to be had. */
export interface Busy {
  /** The pid of whoever has it, if that is known. */
  readonly owner: number | undefined;
  /** Until its time is up, ms. */
  readonly leftMs: number;
}

/** A write that was refused. */
export interface Rejection {
  /** The newest number that has been here. */
  readonly newest: number;
  /** How the place itself says so. */
  readonly said: string;
}

export interface LeasePlace extends Disposable {
  /** Gets the lease, and with it a number: one more than anybody had before. */
  take(): Promise<number | Busy>;
  /** Holds it for another whole time. @returns false if another has got it since. */
  renew(fence: number): Promise<boolean>;
  /** Lets go of it, if it is still this number's. */
  release(fence: number): Promise<void>;
  /** The count, for whoever is going to write it. */
  read(fence: number): Promise<number>;
  /** Writes the count. @returns why not, if it was refused: null, if it was written. */
  write(count: number, fence: number): Promise<Rejection | null>;
}

/** A play's own table and leases in a farm. */
export interface FarmTable {
  readonly address: FarmAddress;
  /** Of this play alone: a-f, 0-9. */
  readonly id: string;
}

/** Which place: plain data, for it travels to the processes. */
export type Where = { readonly file: string } | { readonly farm: FarmTable };

/** A place that was made anew: nobody has a lease, and every count is 0. */
export interface Setting {
  readonly place: Where;
  /** The count of each way, for whoever only looks. */
  counts(): Promise<ReadonlyMap<Way, number>>;
}
