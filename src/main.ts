/**
 * Where every lanes process begins: the one a person started, and each one it starts again. What it is to be is decided
 * before anything else is loaded, because a compiled executable that spawns itself comes through here whatever its
 * arguments. The only place that ends the process, but where a user's program runs in it (os/awake.ts).
 */
import { stayAwake } from "./os/awake.ts";
import { EXEC_SENTINEL } from "./os/exec/self-command.ts";
import {
  CONTROLLER_SENTINEL,
  FARM_GUARD_SENTINEL,
  GUARD_SENTINEL,
  POOL_SENTINEL,
  PROGRAM_SENTINEL,
  TRACER_SENTINEL,
  WORKER_SENTINEL,
} from "./process/sentinels.ts";

async function main(): Promise<number> {
  // As text: what a role is told is plain (exec-words.ts), what a person typed is read again by the command line.
  const [role, ...rest] = process.argv.slice(2);
  if (role === EXEC_SENTINEL) {
    const { runExecRole } = await import("./process/exec-role.ts");
    return runExecRole(rest);
  }
  if (process.pid === 1) (await import("./os/init.ts")).collectOrphans();
  if (role === WORKER_SENTINEL) {
    (await import("./os/signals.ts")).prepareSignals();
    await speakErrors();
    const { runWorker } = await import("./process/worker.ts");
    return runWorker(async (name) => {
      Bun.unsafe.setJITPolicy(1); // what starts here may compute: from now on it is compiled
      return (await import("./demos/catalog.ts")).loadTargets(name);
    });
  }
  if (role === PROGRAM_SENTINEL) {
    (await import("./os/signals.ts")).prepareSignals();
    const { runProgram } = await import("./api/program/child.ts");
    Bun.unsafe.setJITPolicy(1);
    return runProgram();
  }
  if (role === POOL_SENTINEL) {
    (await import("./os/signals.ts")).prepareSignals();
    await speakErrors();
    const { runMapWorker } = await import("./pool/worker/worker.ts");
    Bun.unsafe.setJITPolicy(1);
    return runMapWorker(async (name) => (await import("./demos/catalog.ts")).loadTargets(name));
  }
  if (role === GUARD_SENTINEL) {
    const { runGuard } = await import("./process/guard/guard.ts");
    return runGuard();
  }
  if (role === FARM_GUARD_SENTINEL) {
    const { runFarmGuard } = await import("./farm/lock/guard.ts");
    return runFarmGuard();
  }
  if (role === TRACER_SENTINEL) {
    const { runTracer } = await import("./trace/tracer.ts");
    return runTracer(Number(rest[0]));
  }
  if (role === CONTROLLER_SENTINEL) {
    const { runController } = await import("./explore/control/controller.ts");
    return runController();
  }
  if (role === "--version" || role === "-V") {
    const { printVersion } = await import("./commands/version.ts");
    return printVersion();
  }
  const { runCommandLine } = await import("./commands/dispatch.ts");
  return runCommandLine();
}

/** For a role in which the message of an error is read; the command line and a user's program see to it themselves. */
async function speakErrors(): Promise<void> {
  (await import("./i18n/index.ts")).speakErrors("asked");
}

/** What a role leaves uncaught is told like a command's own errors; a rejected promise alone would leave this process waiting. */
async function failed(error: unknown): Promise<number> {
  await speakErrors();
  return (await import("./cli/report.ts")).report(error);
}

stayAwake();
// No top-level await: a program of the user's could not end by itself while one is pending.
void main()
  .catch(failed)
  .then((code) => process.exit(code));
