/**
 * The tortured program of torture-word.ts: a copy of the sources, in a mutant with one step of the protocol missing; run as it is,
 * or compiled into an executable, whose processes start several times faster.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");

/** A file of src/memory, a text in it, and what takes its place. */
type Change = readonly [file: string, from: string, to: string];
const mutations = {
  /** Whoever died in line is handed the lock. */
  "waits-of-the-dead": ["hub/hub.ts", "for (const waiter of waits) waiter.line.leave(waiter);", ""],
  /** What a dead process held stays held. */
  "holds-of-the-dead": ["hub/locks.ts", "this.free(lock, dead, true);", ""],
  /** A word that was freed by a process which died before it said so is not looked at. */
  "no-rescan": ["hub/locks.ts", "if (word === FREED || word === KEPT) this.handOver(lock);", ""],
  /** The bug of the prototype: a newcomer was faster, and does not learn that somebody waits. */
  "lost-race": [
    "hub/locks.ts",
    "if (Atomics.compareExchange(words, at, word, held) !== word) continue;",
    "if (Atomics.compareExchange(words, at, word, held) !== word) return;",
  ],
  /** Whoever looks, takes. */
  "no-exchange": [
    "word.ts",
    "const was = Atomics.compareExchange(words, at, 0, peer);",
    "const was = Atomics.load(words, at) === 0 ? (Atomics.store(words, at, peer), 0) : 1;",
  ],
} as const satisfies Record<string, Change>;
export type Mutant = keyof typeof mutations;
export const mutants = Object.keys(mutations) as Mutant[];

/**
 * Makes it, in an empty folder. @returns the command that runs it.
 * @throws Error if the source no longer says what a mutation is to change.
 */
export async function makeTortured(folder: string, mutant: Mutant | undefined, isCompiled: boolean): Promise<string[]> {
  for (const name of ["src", "scripts/torture", "package.json", "tsconfig.json"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  if (mutant !== undefined) {
    const [file, from, to] = mutations[mutant];
    const path = join(folder, "src", "memory", file);
    const contents = readFileSync(path, "utf8");
    if (!contents.includes(from)) throw new Error(`${file} no longer contains: ${from}`);
    writeFileSync(path, contents.replace(from, to));
  }
  const program = join(folder, "scripts", "torture", "word-program.ts");
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
