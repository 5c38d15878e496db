/**
 * The tortured program: the API of src/lock compiled into an executable of its own. Its sources are those that ship, with three
 * kinds of change made while building: empty lock files are adopted at once instead of after two seconds, removed in the end
 * instead of left there, and their creators pause before they lock them, which opens the window of the most dangerous race as
 * wide as it goes, so that a mutant is found after hundreds of turns and not after as many thousands as a busy machine does not
 * give it; every other process does not line up, for exclusion must not depend on the order, and those who wait in order hardly
 * ever race; and, in a mutant, one step of the protocol is missing.
 */
import { basename, join } from "node:path";
import type { BunPlugin } from "bun";

const root = join(import.meta.dir, "..", "..");

/** A file of src/lock, a text in it, and what takes its place. */
type Change = readonly [file: string, from: string, to: string];

const always: readonly Change[] = [
  ["lockfile", "emptyGraceMs = 2000;", "emptyGraceMs = 0;"],
  ["lockfile", 'if (content.kind === "empty") return !created;', 'if (content.kind === "empty") return false;'],
  [
    "lockfile",
    'if (opened === undefined || opened === "denied") continue;',
    'if (opened === undefined || opened === "denied") continue; if (opened.created && Math.random() < 0.25) Bun.sleepSync(10 * Math.random());',
  ],
  [
    "turnstile",
    "function locate(path: string): string | undefined {",
    "function locate(path: string): string | undefined { if (process.pid % 2 === 1) return undefined;",
  ],
];

/** What a mutant leaves out. */
const mutations = {
  "no-creator-check": [
    [
      "lockfile",
      "if (named === undefined) return undefined;",
      "if (named === undefined && !opened.created) return undefined;",
    ],
    ["lockfile", "named.size === 0 ?", "named?.size === 0 ?"],
    [
      "lockfile",
      "const why = barrier(content, opened, emptyForMs);",
      "const why = opened.created ? undefined : barrier(content, opened, emptyForMs);",
    ],
  ],
  "close-before-unlink": [
    ["release", 'from "./system/sys.ts";', 'from "./system/sys.ts"; import { unlockFlock } from "./system/kernel.ts";'],
    [
      "release",
      'if (keep === "no") remove(path, opened);',
      'if (keep === "no") { writeAtStart(opened.fd, tombstone); unlockFlock(opened.fd); Bun.sleepSync(2 * Math.random()); if (statAt(path)) sys().unlink(path); }',
    ],
  ],
} as const satisfies Record<string, readonly Change[]>;
export type Mutant = keyof typeof mutations;
export const mutants = Object.keys(mutations) as Mutant[];

/** Compiles the program. @throws Error if the source no longer says what a mutation is to change. */
export async function buildTortured(outfile: string, mutant: Mutant | undefined): Promise<void> {
  const changes: readonly Change[] = [...always, ...(mutant ? mutations[mutant] : [])];
  const mutate: BunPlugin = {
    name: "mutate",
    setup(build) {
      build.onLoad({ filter: /src\/lock\/(lockfile|release|wait\/turnstile)\.ts$/ }, async ({ path }) => {
        let contents = await Bun.file(path).text();
        for (const [file, from, to] of changes) {
          if (basename(path) !== `${file}.ts`) continue;
          if (!contents.includes(from)) throw new Error(`${path} no longer contains: ${from}`);
          contents = contents.replace(from, to);
        }
        return { contents, loader: "ts" };
      });
    },
  };
  const built = await Bun.build({
    entrypoints: [join(root, "scripts", "torture", "worker.ts"), join(root, "src", "lock", "wait", "thread.ts")],
    root: join(root, "src"),
    format: "esm",
    splitting: true,
    bytecode: true,
    plugins: [mutate],
    compile: {
      outfile,
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
  });
  if (!built.success) throw new Error(built.logs.map(String).join("\n"));
}
