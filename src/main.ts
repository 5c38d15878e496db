/**
 * Where every lanes process begins: the one a person started, and each one it starts again. What it is to be is decided
 * before anything else is loaded, because a compiled executable that spawns itself comes through here whatever its
 * arguments. The only place that ends the process, but where a user's program runs in it (os/awake.ts).
 */
import { stayAwake } from "./os/awake.ts";
import { givenArguments } from "./os/bytes/bytes.ts";
import { EXEC_SENTINEL } from "./os/exec/self-command.ts";
import { prepareSignals } from "./os/signals.ts";
import {
  GUARD_SENTINEL,
  POOL_SENTINEL,
  PROGRAM_SENTINEL,
  TRACER_SENTINEL,
  WORKER_SENTINEL,
} from "./process/sentinels.ts";

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === EXEC_SENTINEL) {
    const { runExec } = await import("./process/exec-role.ts");
    return runExec(argv.slice(1));
  }
  if (process.pid === 1) (await import("./os/init.ts")).collectOrphans();
  if (argv[0] === WORKER_SENTINEL) {
    prepareSignals();
    const { runWorker } = await import("./process/worker.ts");
    const { loadTargets } = await import("./demos/catalog.ts");
    return runWorker(loadTargets);
  }
  if (argv[0] === PROGRAM_SENTINEL) {
    prepareSignals();
    const { runProgram } = await import("./api/child.ts");
    return runProgram();
  }
  if (argv[0] === POOL_SENTINEL) {
    prepareSignals();
    const { runPoolWorker } = await import("./pool/worker/worker.ts");
    return runPoolWorker(async (name) => (await import("./demos/catalog.ts")).loadTargets(name));
  }
  if (argv[0] === GUARD_SENTINEL) {
    const { runGuard } = await import("./process/guard/guard.ts");
    return runGuard();
  }
  if (argv[0] === TRACER_SENTINEL) {
    const { runTracer } = await import("./trace/tracer.ts");
    return runTracer(Number(argv[1]));
  }
  if (argv[0] === "--version" || argv[0] === "-V") {
    const { printVersion } = await import("./commands/version.ts");
    return printVersion();
  }
  if (argv[0] !== "lock") prepareSignals(); // the lock does it itself, without loading what we need for that
  const { runCommandLine } = await import("./commands/dispatch.ts");
  return runCommandLine(argv);
}

/** What a role leaves uncaught is told like a command's own errors; a rejected promise alone would leave this process waiting. */
async function failed(error: unknown): Promise<number> {
  return (await import("./cli/report.ts")).report(error);
}

stayAwake();
// No top-level await: a program of the user's could not end by itself while one is pending.
void main(givenArguments())
  .catch(failed)
  .then((code) => process.exit(code));
