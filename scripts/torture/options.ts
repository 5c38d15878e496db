/** The command line of a script that tortures a program through the executable. */
import { parseArgs } from "node:util";

/** What is said of it in its help. */
interface Script {
  readonly name: string;
  readonly mutants: readonly string[];
  /** What --procs counts, what --seed decides, what lasts for --patience seconds. */
  readonly procs: string;
  readonly seed: string;
  readonly patience: string;
}

const usageOf = ({
  name,
  mutants,
  procs,
  seed,
  patience,
}: Script) => `Usage: scripts/${name}.ts [options]        (bun scripts/build.ts first)

  --seconds N    how long (default 20); it ends with its first violation
  --kills N      at most so many
  --procs N      ${procs} (default 4)
  --seed N       ${seed} (default: from the clock; printed)
  --patience N   ${patience} (default 60)
  --mutant NAME  ${mutants.join(" | ")}: exit code 0 if it was found out

Exit code 0: as it should be. The last line is the summary, as JSON.
`;

/** Its options, as texts; `patience` in s. Ends this process if they make no sense (2), or the help was asked for (0). */
export function tortureOptions(script: Script) {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "20" },
      kills: { type: "string", default: "1000000" },
      procs: { type: "string", default: "4" },
      seed: { type: "string", default: String(Date.now() % 1e9) },
      patience: { type: "string", default: "60" },
      mutant: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { seconds, kills, procs, seed, patience, mutant } = values;
  const numbers = [seconds, kills, procs, seed, patience].map(Number);
  if (values.help || numbers.some((n) => !(n >= 0)) || (mutant !== undefined && !script.mutants.includes(mutant))) {
    process.stdout.write(usageOf(script));
    process.exit(values.help ? 0 : 2);
  }
  return { seconds, kills, procs, seed, patience, mutant };
}
