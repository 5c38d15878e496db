/**
 * The user's file as the program of this process: `import.meta.main` is true in it, `process.argv` is what stands after it, and
 * the process ends as it would without lanes: when nothing is left to do, with the code that the program gave.
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { ExitCode, usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { endWhenIdle } from "../../os/awake.ts";
import { becomeMain } from "../../os/bun.ts";
import { linesOf } from "../../os/bytes/printable.ts";
import { writeErr } from "../../os/stdout.ts";
import { onUncaught } from "../../os/uncaught.ts";
import { describe } from "../../pool/worker/module.ts";
import { loaderOf } from "../../pool/worker/source.ts";
import { compileOptions } from "../../pool/worker/tsconfig.ts";
import { provide } from "../provide.ts";
import { troubleText } from "../user-errors.ts";
import { stopBySignals } from "./signals.ts";

/** Node's own exit code for it (https://nodejs.org/api/process.html#exit-codes). */
const UNSETTLED = 13;

/**
 * Runs it. Resolves when it is loaded; it may go on after that, and ends this process when nothing is left to do.
 * @param file its path, links followed.
 * @throws LanesError (usage) if it cannot be read as a program, or one it imports cannot.
 */
export async function runMain(file: string, argv: readonly string[]): Promise<void> {
  endWhenIdle();
  provide();
  stopBySignals();
  becomeMain(file);
  process.argv.splice(1, process.argv.length, ...argv);
  onUncaught((error) => fail(error));
  let loaded = false;
  process.on("exit", () => {
    if (loaded || process.exitCode !== undefined) return;
    process.exitCode = UNSETTLED;
    writeErr(`lanes: ${t("exec.unsettled", { file })}\n`);
  });
  if (compileOptions(dirname(file)) !== null)
    await (await import("../../pool/worker/tsconfig-plugin.ts")).useTsconfig(file);
  try {
    await import(file);
    loaded = true;
  } catch (error) {
    loaded = true;
    if (isUnreadable(error)) throw usageError("exec.load", { file, detail: linesOf(describe(error)) }, error);
    fail(error);
  }
}

function fail(error: unknown): never {
  writeErr(`${troubleText(error)}\n`);
  process.exit(ExitCode.failed);
}

/** Whether a file imports this at its top, and not by a call while it runs: the engine's error does not say. */
function isStatic(specifier: string, file: string): boolean {
  try {
    const imports = new Bun.Transpiler({ loader: loaderOf(file) }).scanImports(readFileSync(file, "utf8"));
    return imports.some(({ path, kind }) => path === specifier && kind === "import-statement");
  } catch {
    return false;
  }
}

/** Whether it, or a file it imports, does not parse or is not there; not: whether something it imports while it runs is not. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isUnreadable);
  const { name, message, specifier, referrer } = (error ?? {}) as Partial<ResolveMessage>;
  if (name === "ResolveMessage") return isStatic(String(specifier), String(referrer));
  return name === "BuildMessage" || (error instanceof SyntaxError && /^Export named .* not found/.test(message ?? ""));
}
