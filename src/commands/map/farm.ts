/** `lanes map --on FARM`: the module goes to the database, items follow it, whoever works on the farm does them. */
import { readFileSync } from "node:fs";
import { usageError } from "../../errors.ts";
import { farmError } from "../../farm/failures.ts";
import { putBlob } from "../../farm/jobs/blob-statements.ts";
import type { MapSpec, ModuleSource } from "../../farm/jobs/payload.ts";
import { ourselves } from "../../farm/owner.ts";
import { FarmMap, type FarmMapParts } from "../../farm/submit/farm-map.ts";
import { contentHash, Modules } from "../../farm/work/modules.ts";
import { FarmWorker } from "../../farm/work/worker.ts";
import { currentFolder } from "../../os/bytes/bytes.ts";
import { systemPath } from "../../os/bytes/paths.ts";
import { writeErr } from "../../os/stdout.ts";
import type { MapPoolOptions } from "../../pool/index.ts";
import { companyOf, tellsCompany } from "../company.ts";
import { contactWith, reached } from "../farm.ts";
import { standardLeaseMs } from "../lease-length.ts";
import { openedBatch } from "../open-batch.ts";
import { bundled, loadsAlone } from "./bundle.ts";

/** Bytes of a module with all it imports. */
const LARGEST = 64 << 20;

interface Farm {
  readonly farm: string;
  readonly noWork: boolean;
  readonly moduleHere: boolean;
  readonly lease: number | undefined;
}

interface Asked {
  readonly file: string;
  readonly pool: MapPoolOptions;
  readonly quiet: boolean;
  readonly parts: Pick<FarmMapParts, "source" | "output" | "listener" | "timeline">;
  /** Items are what a person typed, put into JSON. */
  readonly itemsAreTexts: boolean;
}

/** Makes everything ready for a map on a farm. @throws LanesError (usage) if there is none, or the module cannot be sent. */
export async function mapOnFarm(farm: Farm, { file, pool, quiet, parts, itemsAreTexts }: Asked): Promise<FarmMap> {
  const tell = (line: string) => quiet || writeErr(`lanes: ${line}\n`);
  const { connection, address } = await reached(farm.farm, tell);
  const contact = contactWith(address, tell);
  try {
    const bytes = farm.moduleHere ? null : await sendable(file, pool);
    const source: ModuleSource =
      bytes === null
        ? { path: pool.module, sha256: contentHash(readFileSync(systemPath(pool.module))) }
        : { bundle: contentHash(bytes) };
    if (bytes !== null && "bundle" in source) await putBlob(connection, source.bundle, bytes);
    const { module: _, tsconfig: __, jobs, ordered, chunk, onError, folder: ___, ...rest } = pool;
    const spec: MapSpec = {
      ...{ kind: "map", module: source, file, folder: currentFolder(), noOverlap: false },
      pool: { ...rest, onError: onError === "record" ? "record" : "report" },
      results: { onError, ordered, chunk, unit: parts.source.unit, json: pool.input === "jsonl", itemsAreTexts },
    };
    const owner = ourselves();
    const opened = await openedBatch({ connection, address }, contact, { spec, tries: 1, delayMs: 0, halt: null });
    const leaseMs = farm.lease ?? standardLeaseMs();
    const worker = farm.noWork
      ? null
      : new FarmWorker({
          ...{ address, contact, owner, slots: jobs, leaseMs, only: opened.id, kinds: ["map"], folder: undefined },
          ...{ memfree: null, load: null, maxJobs: Number.POSITIVE_INFINITY, untilEmptyMs: undefined },
          on: { cannot: (_batch, error) => map.fail(error) },
        });
    if (bytes !== null && "bundle" in source) worker?.modules.keep(source.bundle, bytes);
    const map = new FarmMap({
      ...{ connection, address, contact, batch: opened, worker, ...parts },
      options: spec.results,
      left: null,
      look: tellsCompany({ quiet, noWork: farm.noWork })
        ? companyOf({ connection, address }, opened.name, tell, () => worker?.registration ?? null)
        : undefined,
    });
    return map;
  } catch (error) {
    connection.close();
    throw await farmError(error, address);
  }
}

/** The module with all it imports, as one file that loads anywhere. @throws LanesError (usage) if there is no such. */
async function sendable(file: string, pool: MapPoolOptions): Promise<Uint8Array> {
  const bytes = await bundled(pool.module, file);
  if (bytes.length > LARGEST) throw usageError("farm.module.large", { file, bytes: bytes.length, most: LARGEST });
  const modules = new Modules(async () => undefined);
  try {
    const { module } = modules.keep(contentHash(bytes), bytes);
    const trouble = await loadsAlone({ ...pool, module, tsconfig: null });
    if (trouble === null) return bytes;
    // What does not load where it lies, either, is the module's own fault.
    const own = await loadsAlone(pool);
    if (own !== null) throw own;
    const reason =
      trouble.message.split("\n").find((line) => /error|could not|cannot|enoent/i.test(line)) ?? trouble.message;
    throw usageError("farm.module.beside", { file, reason: reason.trim() }, trouble);
  } finally {
    await modules.close();
  }
}
