/** What belongs to batches and is put down once: modules of maps, by what they are. */
import { ANSWER_MS, type FarmConnection } from "../connection.ts";

/** Puts down something that belongs to batches. @param hash SHA-256, hex. */
export async function putBlob(connection: FarmConnection, hash: string, bytes: Uint8Array): Promise<void> {
  await connection.query("select lanes.blob_put(decode($1::text, 'hex'), $2::bytea)", [hash, bytes], 6 * ANSWER_MS);
}

/** What was put down; undefined if it is not there any more. */
export async function getBlob(connection: FarmConnection, hash: string): Promise<Uint8Array | undefined> {
  const text = "select lanes.blob_get(decode($1::text, 'hex')) as data";
  const [row] = await connection.query<{ data: Uint8Array | null }>(text, [hash], 6 * ANSWER_MS);
  return row?.data ?? undefined;
}
