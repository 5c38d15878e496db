/** The error numbers of the system, by name. */
import { constants } from "node:os";

/**
 * The name of an error number (`ENOENT` …). Not `getSystemErrorName` of node:util, which knows only those numbers that libuv
 * knows: a full quota (EDQUOT) and a lost network folder (ESTALE) are not among them.
 */
export function errnoName(number: number): string {
  return Object.entries(constants.errno).find(([, each]) => each === number)?.[0] ?? `errno ${number}`;
}
