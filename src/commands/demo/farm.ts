/** `lanes demo NAME --on FARM`: the farm to play in, set up, or the reason why there is none to be had. */
import type { FarmStage } from "../../demos/stage.ts";
import { withoutPassword } from "../../os/bytes/without-password.ts";
import { writeErr } from "../../os/stdout.ts";
import { reached } from "../farm.ts";

/** What there is to warn of is said on stderr. @throws LanesError (usage). */
export async function farmStage(on: string): Promise<FarmStage> {
  const { connection, address } = await reached(on, (line) => writeErr(`lanes: ${line}\n`));
  connection.close();
  return { address, name: withoutPassword(on) };
}
