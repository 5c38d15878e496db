/** Looking at the batches of a farm, cancelling and removing them. */
import { ExitCode, usageError } from "../../errors.ts";
import { farmError } from "../../farm/failures.ts";
import { removeBatch, stopBatch } from "../../farm/jobs/batch-statements.ts";
import { type ListedBatch, type ListedWorker, listBatches, listWorkers } from "../../farm/jobs/list-statements.ts";
import { t } from "../../i18n/index.ts";
import { printable, printableJson } from "../../os/bytes/printable.ts";
import { writeErr, writeOut } from "../../os/stdout.ts";
import { waitingText } from "../../show/jobs/run-text.ts";
import { type Reached, reached } from "../farm.ts";
import type { BatchRequest } from "./request.ts";

/** Does something on a farm, and leaves it. @throws LanesError (usage) if there is none to be had. */
export async function withFarm<T>({ farm, quiet }: BatchRequest, ask: (farm: Reached) => Promise<T>): Promise<T> {
  const found = await reached(farm, (line) => quiet || writeErr(`lanes: ${line}\n`));
  try {
    return await ask(found);
  } catch (error) {
    throw await farmError(error, found.address);
  } finally {
    found.connection.close();
  }
}

/** The batch that is meant. @throws LanesError (usage) if there is none. */
export async function batchNamed({ connection, address }: Reached, name = ""): Promise<ListedBatch> {
  const [found] = await listBatches(connection, name);
  if (found === undefined) throw usageError("batch.none", { batch: name, farm: address.label });
  return found;
}

/** Tells what there is. */
export function list(request: BatchRequest): Promise<number> {
  return withFarm(request, async (farm) => {
    const { connection, address } = farm;
    const { name } = request;
    const batches = name === undefined ? await listBatches(connection, null) : [await batchNamed(farm, name)];
    const workers = await listWorkers(connection);
    const document = { v: 1, farm: address.label, batches: batches.map(shown), workers };
    writeOut(request.options.json ? `${printableJson(document)}\n` : `${textOf(batches, workers).join("\n")}\n`);
    return ExitCode.ok;
  });
}

/** Ends it, or does away with it. */
export function cancelOrRemove(request: BatchRequest, what: "cancel" | "remove"): Promise<number> {
  return withFarm(request, async (farm) => {
    const { id, name } = await batchNamed(farm, request.name);
    if (what === "cancel") await stopBatch(farm.connection, id, "cancelled", null);
    else await removeBatch(farm.connection, id, null);
    if (!request.quiet)
      writeErr(`lanes: ${t(what === "cancel" ? "batch.cancelled" : "batch.removed", { batch: name })}\n`);
    return ExitCode.ok;
  });
}

/** What a batch's jobs have come to. */
const countsOf = ({ takenOk, takenFailed, ended, endedFailed, running, waiting }: ListedBatch) => ({
  done: takenOk + ended - endedFailed,
  failed: takenFailed + endedFailed,
  running,
  waiting,
  /** Results nobody has taken. */
  untaken: ended,
});

function shown(batch: ListedBatch) {
  const { name, kind, state, total, owner, since, attended, machines, cannot } = batch;
  return { name, kind, state, total, ...countsOf(batch), machines, since, owner, attended, cannot };
}

function textOf(batches: readonly ListedBatch[], workers: readonly ListedWorker[]): string[] {
  const lines = batches.flatMap((batch) => {
    const { name, state, since, owner, attended, cannot, machines } = batch;
    const { user, host, pid } = owner;
    const head = `${printable(name)}: ${t(`batch.state.${state}`)}, ${t("batch.counts", countsOf(batch))}`;
    const who = t(attended ? "batch.attended" : "batch.unattended", { user, host, pid, since, machines });
    const not = Object.entries(cannot).map(([reason, n]) => `  ${t("farm.batch.cannot", { n, reason })}`);
    return [head, `  ${who}`, `  ${printable(owner.command.join(" ").slice(0, 200))}`, ...not];
  });
  const working = workers.map(({ owner: { host, pid, user }, slots, jobs, waits }) => {
    const why = waits === null ? "" : ` (${waitingText(waits)})`;
    return `  ${t("batch.worker", { host, pid, user, slots, jobs })}${why}`;
  });
  const none = batches.length === 0 ? [t("batch.noBatch")] : [];
  return [...none, ...lines, t("batch.workers", { n: workers.length }), ...working];
}
