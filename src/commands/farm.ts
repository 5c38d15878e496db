/** From what was typed to a farm that can be worked with. */
import { type FarmAddress, farmAddress } from "../farm/address.ts";
import { FarmConnection } from "../farm/connection.ts";
import { Contact } from "../farm/contact.ts";
import { farmError, stateOf } from "../farm/failures.ts";
import { prepare } from "../farm/schema.ts";
import { t } from "../i18n/index.ts";
import { printable } from "../os/bytes/printable.ts";

/** Takes a line for the person. */
type Tell = (line: string) => void;

/** A farm that is set up. */
export interface Reached {
  readonly connection: FarmConnection;
  readonly address: FarmAddress;
}

/**
 * A connection to a farm that is set up. What there is to warn of is told.
 * @throws LanesError (usage) if there is none to be had.
 */
export async function reached(farm: string, tell: Tell): Promise<Reached> {
  const { address, passwordShown, passwordsOpen } = farmAddress(farm);
  if (passwordShown) tell(t("farm.passwordShown"));
  if (passwordsOpen !== undefined) tell(t("farm.passwordsOpen", { file: passwordsOpen }));
  const connection = new FarmConnection(address);
  try {
    const { durable } = await prepare(connection);
    if (!durable) tell(t("farm.notDurable", { farm: address.label }));
    return { connection, address };
  } catch (error) {
    connection.close();
    throw await farmError(error, address);
  }
}

/** Contact with a farm, whose loss is told once it has lasted, and its return. @param giveUpMs it is lost for good then. */
export function contactWith({ label: farm }: FarmAddress, tell: Tell, giveUpMs?: number): Contact {
  const words = {
    lost: (ms: number, error: unknown) => {
      const [seconds, state] = [Math.round(ms / 1e3), stateOf(error)];
      const message = printable((error as Error).message);
      if (state === undefined) tell(t("farm.contact.lost", { farm, seconds }));
      else tell(t("farm.contact.refused", { farm, seconds, message, state }));
    },
    back: (ms: number) => tell(t("farm.contact.back", { farm, seconds: Math.round(ms / 1e3) })),
  };
  return new Contact(words, giveUpMs);
}
