/** Going on with a map that its submitter has left: what it had brought is done, and its results are taken here. */
import { ExitCode } from "../../errors.ts";
import { databaseMs, rowsLeft } from "../../farm/jobs/attach-statements.ts";
import type { MapSpec } from "../../farm/jobs/payload.ts";
import { FarmMap } from "../../farm/submit/farm-map.ts";
import { writeErr } from "../../os/stdout.ts";
import { ArgumentSource } from "../../pool/index.ts";
import { companyOf } from "../company.ts";
import { contactWith, type Reached } from "../farm.ts";
import { carryOut } from "../map/carry-out.ts";
import type { BatchRequest } from "./request.ts";

interface Found {
  readonly id: number;
  readonly name: string;
  readonly token: string;
  readonly spec: MapSpec;
  readonly takenFailed: number;
}

/** @returns the exit code, as of the map itself. @throws LanesError. */
export async function attachMap(farm: Reached, found: Found, request: BatchRequest): Promise<number> {
  const { id, name, token, spec } = found;
  const { options, quiet } = request;
  const { connection, address } = farm;
  const tell = (line: string) => quiet || writeErr(`lanes: ${line}\n`);
  const contact = contactWith(address, tell);
  const { unit, onError, itemsAreTexts } = spec.results;
  const left = await contact.answer(() => rowsLeft(connection, id));
  const last = left.at(-1);
  const atMs = await contact.answer(() => databaseMs(connection));
  // There is nothing more to be read; items are called what they were called.
  const source = new ArgumentSource([], !itemsAreTexts);
  source.taken = last === undefined ? 0 : last.first + last.count;
  const told = { file: spec.file, unit, options, quiet, onError, output: spec.pool.output };
  const code = await carryOut(told, async ({ output, listener, timeline }) => {
    return new FarmMap({
      ...{ connection, address, contact, batch: { id, name, token, atMs } },
      ...{ options: spec.results, source, output, listener, timeline, worker: null, left },
      look: quiet ? undefined : companyOf(farm, name, tell),
    });
  });
  return code === ExitCode.ok && found.takenFailed > 0 ? ExitCode.failed : code;
}
