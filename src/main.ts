/**
 * Where every lanes process begins: the one a person started, and each one it starts again. What it is to be is decided
 * before anything else is loaded, because a compiled executable that spawns itself comes through here whatever its
 * arguments. The only place that ends the process.
 */
import { GUARD_SENTINEL, POOL_SENTINEL, WORKER_SENTINEL } from "./process/sentinels.ts";

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === WORKER_SENTINEL) {
    const { runWorker } = await import("./process/worker.ts");
    const { loadTargets } = await import("./demos/catalog.ts");
    return runWorker(loadTargets);
  }
  if (argv[0] === POOL_SENTINEL) {
    const { runPoolWorker } = await import("./pool/worker.ts");
    return runPoolWorker(async (name) => (await import("./demos/catalog.ts")).loadTargets(name));
  }
  if (argv[0] === GUARD_SENTINEL) {
    const { runGuard } = await import("./process/guard.ts");
    return runGuard();
  }
  if (argv[0] === "--version" || argv[0] === "-V") {
    const { printVersion } = await import("./commands/version.ts");
    return printVersion();
  }
  if (argv[0] === "lock") {
    const { runPlainLock } = await import("./commands/lock-run.ts");
    const code = await runPlainLock(argv.slice(1));
    if (code !== undefined) return code;
  }
  if (argv[0] === "map") {
    const module = likelyModule(argv.slice(1));
    if (module !== undefined) (await import("./pool/start.ts")).startSpare(module);
    const { runPlainMap } = await import("./commands/map-plain.ts");
    const code = await runPlainMap(argv.slice(1));
    if (code !== undefined) return code;
  }
  if (argv[0] === "run") {
    const { runPlainRun } = await import("./commands/run-plain.ts");
    const code = await runPlainRun(argv.slice(1));
    if (code !== undefined) return code;
  }
  const { runCommandLine } = await import("./commands/cli.ts");
  return runCommandLine(argv);
}

// While a top-level await is pending and nothing else keeps the event loop alive (a wait for the lock does not), Bun 1.4.5
// polls without pausing: a whole core. A timer that never comes due makes it sleep.
setInterval(() => {}, 2 ** 31 - 1);

/** The word that is likely to name a map's module, unless help is asked for: good enough to gain time by. */
function likelyModule(argv: readonly string[]): string | undefined {
  if (argv.some((word) => word === "-h" || word === "--help" || word === "--new")) return undefined;
  return argv.find((word) => /^[^-]/.test(word) && Bun.file(word.replace(/#[^#]*$/, "")).size > 0);
}

process.exit(await main(process.argv.slice(2)));
