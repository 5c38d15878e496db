/** `lanes work`: takes the jobs of a farm and does them, until it is told to stop. */
import { statSync } from "node:fs";
import { setPriority } from "node:os";
import { obeySuspension } from "../../cli/suspension.ts";
import { ExitCode, usageError } from "../../errors.ts";
import { farmError } from "../../farm/failures.ts";
import { ourselves } from "../../farm/owner.ts";
import { FarmWorker } from "../../farm/work/worker.ts";
import { t } from "../../i18n/index.ts";
import { absolutePath, systemPath } from "../../os/bytes/paths.ts";
import { printableJson } from "../../os/bytes/printable.ts";
import { usableCores } from "../../os/cores.ts";
import { givenDescriptors } from "../../os/files/descriptors.ts";
import { handleSignals } from "../../os/signals.ts";
import { writeErr, writeOut } from "../../os/stdout.ts";
import { contactWith, reached } from "../farm.ts";
import { standardLeaseMs } from "../lease-length.ts";
import { jobKinds, type WorkRequest } from "./request.ts";

/** Works. @returns the exit code. @throws LanesError (usage) if there is no farm to be had. */
export async function runFarmWorker({ farm, options, quiet }: WorkRequest): Promise<number> {
  givenDescriptors();
  const tell = (line: string) => quiet || writeErr(`lanes: ${line}\n`);
  const folder = options.wd === undefined ? undefined : absolutePath(options.wd);
  if (folder !== undefined && !isFolder(folder)) throw usageError("work.noFolder", { path: folder });
  const { connection, address } = await reached(farm, tell);
  if (options.setup) {
    connection.close();
    tell(t("work.setUp", { farm: address.label }));
    return ExitCode.ok;
  }
  connection.close();
  if (options.nice !== undefined) setPriority(0, options.nice);
  const leaseMs = options.lease ?? standardLeaseMs();
  const owner = ourselves(options.name);
  const slots = options.jobs ?? usableCores();
  const contact = contactWith(address, tell, options.giveUp);
  const worker = new FarmWorker({
    ...{
      address,
      contact,
      owner,
      slots,
      leaseMs,
      folder,
      only: undefined,
      kinds: options.only === undefined ? jobKinds : [options.only],
    },
    ...{ memfree: options.memfree ?? null, load: options.load ?? null },
    maxJobs: options.maxJobs ?? Number.POSITIVE_INFINITY,
    untilEmptyMs: options.untilEmpty,
    on: { lost: () => tell(t("work.lost", { farm: address.label })) },
  });
  tell(t("work.begins", { farm: address.label, host: owner.host, slots, user: owner.user }));
  let asked = 0;
  const end = () => {
    asked += 1;
    if (asked === 1) {
      tell(t("work.ends", { n: worker.jobs.size }));
      worker.drain();
    } else if (asked === 2) worker.stop();
    else worker.jobs.kill();
  };
  const now = () => {
    asked = Math.max(asked, 1);
    end();
  };
  const heeded = handleSignals({ SIGTERM: end, SIGINT: end, SIGHUP: now, SIGQUIT: now, SIGUSR2: () => worker.drain() });
  const suspension = obeySuspension(worker.jobs);
  try {
    await worker.run();
  } catch (error) {
    throw await farmError(error, address, ExitCode.failed); // it is no wrong command line: there was contact
  } finally {
    heeded();
    suspension();
  }
  const { done, failed } = worker;
  if (options.json) writeOut(`${printableJson({ v: 1, farm: address.label, host: owner.host, done, failed })}\n`);
  else tell(t("work.sum", { n: done, failed }));
  return ExitCode.ok;
}

function isFolder(path: string): boolean {
  try {
    return statSync(systemPath(path)).isDirectory();
  } catch {
    return false;
  }
}
