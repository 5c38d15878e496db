/**
 * Torture of what processes share in memory: a program in a copy of the sources, in a mutant with one step of the protocol missing
 * or in another place; run as it is, or compiled into an executable, whose processes start several times faster.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const root = join(import.meta.dir, "..", "..");

/** A file of src/memory, a text in it, and what takes its place. */
export type Change = readonly [file: string, from: string, to: string];

interface Torture {
  /** Of its script: `torture-word`; its program is `torture/word-program.ts`. */
  readonly name: string;
  readonly mutations: Readonly<Record<string, Change>>;
  /** What is changed in any case: what takes a microsecond, and is never hit, takes longer. */
  readonly widened?: readonly Change[];
}

const usageOf = ({ name, mutations }: Torture) => `Usage: scripts/${name}.ts [options]

  --seconds N    how long (default 20); it ends with its first violation
  --kills N      at most so many
  --procs N      processes at once (default 6)
  --seed N       of all random decisions (default: from the clock; printed)
  --compiled     as an executable: more kills a second, but it takes some seconds to make it
  --mutant NAME  ${Object.keys(mutations).join(" | ")}: exit code 0 if it was found out

Exit code 0: as it should be. The last line is the summary, as JSON.
`;

/** Does what the command line says. Sets the exit code. */
export async function torture(what: Torture): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "20" },
      kills: { type: "string", default: "1000000" },
      procs: { type: "string", default: "6" },
      seed: { type: "string", default: String(Date.now() % 1e9) },
      mutant: { type: "string" },
      compiled: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { seconds, kills, procs, seed, mutant, compiled } = values;
  if (values.help) {
    process.stdout.write(usageOf(what));
    return;
  }
  const isKnown = mutant === undefined || Object.hasOwn(what.mutations, mutant);
  if (![seconds, kills, procs].every((value) => Number(value) > 0) || !isKnown) {
    process.stderr.write(usageOf(what));
    process.exitCode = 2;
    return;
  }
  const dir = mkdtempSync(join(tmpdir(), `${what.name}-`));
  try {
    const command = await make(what, dir, mutant, compiled);
    const run = Bun.spawn([...command, seconds, kills, procs, seed], {
      stdio: ["ignore", "pipe", mutant === undefined ? "inherit" : "ignore"],
    });
    const summary = (await new Response(run.stdout).text()).trim();
    const code = await run.exited;
    const none = JSON.stringify({ seed: Number(seed), violations: 1, found: [`exit ${code}`] });
    console.log(summary === "" ? none : summary);
    process.exitCode = (code !== 0) === (mutant !== undefined) ? 0 : 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Makes its program, in an empty folder. @returns the command that runs it.
 * @throws Error if the source no longer says what a mutation is to change.
 */
async function make(
  { name, mutations, widened = [] }: Torture,
  folder: string,
  mutant: string | undefined,
  isCompiled: boolean,
): Promise<string[]> {
  for (const part of ["src", "scripts/torture", "tests/support/words.ts", "package.json", "tsconfig.json"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const mutation = mutant === undefined ? [] : [mutations[mutant]!];
  for (const [file, from, to] of [...mutation, ...widened]) {
    const path = join(folder, "src", "memory", file);
    const contents = readFileSync(path, "utf8");
    if (!contents.includes(from)) throw new Error(`${file} no longer contains: ${from}`);
    writeFileSync(path, contents.replace(from, to));
  }
  const program = join(folder, "scripts", "torture", `${name.replace("torture-", "")}-program.ts`);
  if (!isCompiled) return [process.execPath, program];
  const outfile = join(folder, "tortured");
  const built = await Bun.build({
    entrypoints: [program, join(folder, "src", "memory", "hub", "thread.ts")],
    root: join(folder, "src"),
    format: "esm",
    splitting: true,
    minify: { whitespace: true, syntax: true },
    bytecode: true,
    compile: {
      outfile,
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
  });
  if (!built.success) throw new Error(built.logs.map(String).join("\n"));
  return [outfile];
}
