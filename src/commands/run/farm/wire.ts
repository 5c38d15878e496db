/** `lanes run --on FARM`: the same run, whose jobs are done by whoever works on the farm. */
import { parseSize } from "../../../cli/amounts.ts";
import { ExitCode, LanesError, signalExitCode } from "../../../errors.ts";
import { farmError } from "../../../farm/failures.ts";
import { removeBatch } from "../../../farm/jobs/batch-statements.ts";
import { leaveBatch } from "../../../farm/jobs/collect-statements.ts";
import type { RunSpec } from "../../../farm/jobs/payload.ts";
import { ourselves } from "../../../farm/owner.ts";
import type { Batch } from "../../../farm/submit/collection.ts";
import { FarmRun } from "../../../farm/submit/farm-run.ts";
import { Submission } from "../../../farm/submit/submission.ts";
import { FarmWorker } from "../../../farm/work/worker.ts";
import { t } from "../../../i18n/index.ts";
import type { Template, TemplateShell } from "../../../jobs/input/template.ts";
import type { JobValues } from "../../../jobs/input/values.ts";
import type { Joblog } from "../../../jobs/joblog.ts";
import { Delivery } from "../../../jobs/output/delivery.ts";
import type { ResultFolders } from "../../../jobs/output/result-folders.ts";
import type { Resume } from "../../../jobs/resume.ts";
import { currentFolder, environment } from "../../../os/bytes/bytes.ts";
import { usableCores } from "../../../os/cores.ts";
import { handleSignals, signalNumber, stopSignals } from "../../../os/signals.ts";
import { writeErr, writeOut } from "../../../os/stdout.ts";
import { companyOf, tellsCompany } from "../../company.ts";
import { contactWith, type Reached, reached } from "../../farm.ts";
import { standardLeaseMs } from "../../lease-length.ts";
import { openedBatch } from "../../open-batch.ts";
import type { RunRequest } from "../request.ts";
import type { RunStage } from "../stage.ts";
import { farmDefaults } from "./options.ts";

/** What a command line came to. */
export interface Prepared {
  readonly argv: readonly string[];
  readonly shell: TemplateShell | null;
  readonly template: Template;
  readonly values: AsyncIterator<JobValues[]>;
  /** How many jobs there will be, if that is known. */
  readonly total: number | null;
  readonly resume: Resume | null;
  readonly results: ResultFolders | null;
  readonly joblog: Joblog | null;
  readonly stage: RunStage;
}

/** A farm, and what there is to warn of. */
export type ReachedFor = Reached & { readonly warnings: readonly string[] };

/** The farm, before anything is begun. @throws LanesError (usage) if there is none to be had; its warnings have been told then. */
export async function reachedFor(farm: string, quiet: boolean): Promise<ReachedFor> {
  const warnings: string[] = [];
  try {
    return { ...(await reached(farm, (line) => warnings.push(line))), warnings };
  } catch (error) {
    if (!quiet) for (const line of warnings) writeErr(`lanes: ${line}\n`); // they may say why
    throw error;
  }
}

/** Runs the jobs, or (`--detach`) only hands them in. @returns the exit code. @throws LanesError. */
export async function runOnFarm(farm: ReachedFor, request: RunRequest, prepared: Prepared): Promise<number> {
  const { options } = request;
  const batch = await opened(farm, request, prepared);
  try {
    return await (options.detach
      ? detached(farm, batch, prepared, request.quiet)
      : attended(farm, batch, request, prepared));
  } catch (error) {
    throw await farmError(error, farm.address, ExitCode.failed);
  }
}

async function attended(farm: ReachedFor, batch: Batch, request: RunRequest, prepared: Prepared): Promise<number> {
  const { options, quiet } = request;
  const { template, values, total, resume, results, joblog, stage } = prepared;
  const { connection, address } = farm;
  const contact = contactWith(address, quiet ? () => {} : stage.tell);
  const owner = ourselves();
  const slots = options.jobs ?? usableCores();
  const leaseMs = options.lease ?? standardLeaseMs();
  const worker = options.noWork
    ? null
    : new FarmWorker({
        ...{ address, contact, owner, slots, leaseMs, only: batch.id, kinds: ["run"] },
        ...{ folder: undefined, memfree: null, load: null, maxJobs: Number.POSITIVE_INFINITY, untilEmptyMs: undefined },
        on: {},
      });
  await stage.begin();
  if (!quiet) farm.warnings.forEach(stage.tell); // behind the first line of --jsonl
  const { tag = false, keepOrder = false } = options;
  const run = new FarmRun({
    ...{ connection, address, contact, batch, template, values, results, worker, slots: worker === null ? 0 : slots },
    host: owner.host,
    total,
    look: tellsCompany({ quiet, noWork: options.noWork })
      ? companyOf(farm, batch.name, stage.tell, () => worker?.registration ?? null)
      : undefined,
    onCancelled: () => stage.tell(t("farm.batch.cancelled", { batch: batch.name, farm: address.label })),
    isDone: (seq, row) => resume?.skips(seq, row) ?? false,
    delivery: (onOut) => new Delivery({ out: stage.out, err: stage.err, tag, keepOrder, joblog, follow: false, onOut }),
    sink: stage.sink,
    onMoreFailures: stage.onMoreFailures,
  });
  return stage.carryOut(run, async () => {});
}

async function detached(
  farm: ReachedFor,
  batch: Batch,
  { values, template }: Prepared,
  quiet: boolean,
): Promise<number> {
  const { connection, address } = farm;
  const tell = quiet ? () => {} : (line: string) => writeErr(`lanes: ${line}\n`);
  farm.warnings.forEach(tell);
  const contact = contactWith(address, tell);
  let stopped: NodeJS.Signals | undefined;
  let refused = 0;
  const submission = new Submission({
    connection,
    values,
    isDone: () => false,
    skipped: () => {},
    refused: (job, reason) => {
      refused += 1;
      const { text: command } = template.compose({ seq: job.seq, slot: 1, values: [] });
      writeErr(`lanes: ${t("run.report.failed", { seq: job.seq, ending: reason, command })}\n`);
    },
    room: async () => {},
    again: (ask) => contact.answer(ask),
  });
  const heed = (signal: NodeJS.Signals) => () => {
    stopped ??= signal;
    submission.end();
  };
  const heeded = handleSignals(Object.fromEntries(stopSignals.map((signal) => [signal, heed(signal)])));
  try {
    await Promise.race([submission.run(batch.id), untilStopped(() => stopped !== undefined)]);
    if (stopped !== undefined) {
      await removeBatch(connection, batch.id, batch.token).catch(() => {});
      return signalExitCode(signalNumber(stopped));
    }
    await contact.answer(() => leaveBatch(connection, batch.id, batch.token));
  } finally {
    heeded();
    connection.close();
  }
  writeOut(`${batch.name}\n`);
  return refused === 0 ? ExitCode.ok : ExitCode.failed;
}

/** Values may be long in coming: who is stopped does not wait for them. */
async function untilStopped(stopped: () => boolean): Promise<void> {
  while (!stopped()) await Bun.sleep(50);
}

async function opened(farm: Reached, { options, quiet }: RunRequest, { argv, shell }: Prepared): Promise<Batch> {
  const { connection, address } = farm;
  const env = environment();
  const spec: RunSpec = {
    kind: "run",
    command: argv,
    shell: shell?.path ?? null,
    folder: currentFolder(),
    env: Object.fromEntries(
      (options.env ?? []).flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    ),
    timeout: options.timeout ?? null,
    maxOutput: options.maxOutput ?? parseSize("max-output", farmDefaults.maxOutput),
    noOverlap: options.noOverlap ?? false,
    keepOrder: options.keepOrder ?? false,
    tag: options.tag ?? false,
  };
  const { name, retries: tries = 1, delay: delayMs = 0, halt = null } = options;
  try {
    const contact = contactWith(address, quiet ? () => {} : (line) => writeErr(`lanes: ${line}\n`));
    return await openedBatch(farm, contact, { name, spec, tries, delayMs, halt });
  } catch (error) {
    connection.close();
    throw error instanceof LanesError ? error : await farmError(error, address);
  }
}
