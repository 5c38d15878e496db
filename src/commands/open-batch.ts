/** Handing in a batch, for every command that does: its name, who it is by, and that it is opened once. */
import { usageError } from "../errors.ts";
import type { Contact } from "../farm/contact.ts";
import { type NewBatch, openBatch } from "../farm/jobs/batch-statements.ts";
import { ourselves } from "../farm/owner.ts";
import type { Batch } from "../farm/submit/collection.ts";
import { printable } from "../os/bytes/printable.ts";
import { typedArguments } from "../recording/header.ts";
import type { Reached } from "./farm.ts";

/** Characters of a command line that others are told. */
const COMMAND_MOST = 2_000;

/**
 * Opens a batch. Whether it was opened nobody knows where the answer is lost, so it is asked again: an open batch that nobody hands
 * anything in to would stay behind.
 * @throws LanesError (usage) if another has its name; what the connection throws, if it will not pass.
 */
export async function openedBatch(
  { connection, address }: Reached,
  contact: Contact,
  asked: Omit<NewBatch, "name" | "token" | "owner"> & { readonly name?: string | undefined },
): Promise<Batch> {
  const owner = ourselves();
  const own = `${owner.host.replace(/[^\w.-]/g, "-")}-${process.pid}-${Date.now().toString(36)}`;
  const { name = own, ...rest } = asked;
  const token = crypto.randomUUID();
  const batch: NewBatch = { ...rest, name, token, owner: { ...owner, command: commandToTell() } };
  const found = await contact.answer(() => openBatch(connection, batch));
  if (found === null) throw usageError("farm.batch.exists", { batch: name, farm: address.label });
  return { ...found, name, token };
}

/** The command line as others are told, no more of it than can be looked at. */
function commandToTell(): string[] {
  let left = COMMAND_MOST;
  return typedArguments().flatMap((word) => {
    if (left <= 0) return [];
    const shown = printable(word.slice(0, left));
    left -= shown.length + 1;
    return [left <= 0 ? `${shown}…` : shown];
  });
}
