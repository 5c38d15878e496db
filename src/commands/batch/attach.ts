/**
 * `lanes batch FARM NAME --attach`: goes on with what a submitter has left. From the first answer on a database that goes away is
 * waited for, as the submitter himself does.
 */
import { ExitCode, usageError } from "../../errors.ts";
import { farmError } from "../../farm/failures.ts";
import { closeOrphan, databaseMs, jobsLeft } from "../../farm/jobs/attach-statements.ts";
import { collectBatch } from "../../farm/jobs/collect-statements.ts";
import { unpackSpec } from "../../farm/jobs/payload.ts";
import { ourselves } from "../../farm/owner.ts";
import { FarmRun } from "../../farm/submit/farm-run.ts";
import { t } from "../../i18n/index.ts";
import { Template } from "../../jobs/input/template.ts";
import { Joblog } from "../../jobs/joblog.ts";
import { Delivery } from "../../jobs/output/delivery.ts";
import { dialectOf } from "../../jobs/shell/dialect.ts";
import { companyOf } from "../company.ts";
import { contactWith, reached } from "../farm.ts";
import { RunStage } from "../run/stage.ts";
import type { BatchRequest } from "./request.ts";
import { batchNamed } from "./wire.ts";

/** Takes what was not taken, waits for the rest. @returns the exit code, as of the run itself. @throws LanesError. */
export async function attach(request: BatchRequest): Promise<number> {
  const { options, quiet, ascii } = request;
  const stage = await RunStage.for({ options, quiet, ascii, words: [":::"] });
  const tell = quiet ? () => {} : stage.tell;
  const farm = await reached(request.farm, tell);
  const { connection, address } = farm;
  try {
    const contact = contactWith(address, tell);
    const found = await contact.answer(() => batchNamed(farm, request.name));
    const { id, name, spec: packed, total, takenFailed } = found;
    const spec = unpackSpec(packed);
    const token = crypto.randomUUID();
    if (!(await contact.answer(() => collectBatch(connection, id, token))))
      throw usageError("batch.attended.else", { batch: name, farm: address.label });
    const closed = total ?? (await contact.answer(() => closeOrphan(connection, id)));
    if (total === null) tell(t("batch.orphan", { batch: name, n: closed }));
    if (spec.kind === "map") {
      const { attachMap } = await import("./attach-map.ts");
      return await attachMap(farm, { id, name, token, spec, takenFailed }, request);
    }
    const shell = spec.shell === null ? null : { path: spec.shell, dialect: dialectOf(spec.shell) };
    const joblog = options.joblog === undefined ? null : new Joblog(options.joblog, { keep: true });
    const { tag, keepOrder } = spec;
    const outlets = { out: stage.out, err: stage.err };
    const left = await contact.answer(() => jobsLeft(connection, id));
    const atMs = await contact.answer(() => databaseMs(connection));
    const run = new FarmRun({
      ...{ connection, address, contact, template: new Template(spec.command, { shell }) },
      batch: { id, name, token, atMs },
      ...{ values: null, results: null, worker: null, slots: 0, host: ourselves().host, total: closed },
      look: quiet ? undefined : companyOf(farm, name, stage.tell),
      onCancelled: () => tell(t("farm.batch.cancelled", { batch: name, farm: address.label })),
      isDone: () => false,
      delivery: (onOut) => {
        const delivery = new Delivery({ ...outlets, tag, keepOrder, joblog, follow: false, onOut });
        // What was taken before has had its turn.
        let next = 1;
        for (const { from, to } of left) {
          for (; next < from; next += 1) delivery.skip({ seq: next, values: [], attempt: 1 });
          next = to + 1;
        }
        return delivery;
      },
      sink: stage.sink,
      onMoreFailures: stage.onMoreFailures,
    });
    const code = await stage.carryOut(run, async () => {});
    return code === ExitCode.ok && takenFailed > 0 ? ExitCode.failed : code;
  } catch (error) {
    connection.close();
    throw await farmError(error, address, ExitCode.failed);
  }
}
