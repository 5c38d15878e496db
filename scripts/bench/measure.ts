/** Measuring, for all benchmarks: repeated, interleaved, medians and ratios. */

import { median } from "../../src/demos/analysis/numbers.ts";

export interface Sample {
  readonly name: string;
  readonly ms: readonly number[];
}

export { median };

/**
 * Runs each of the works once a round, `rounds` rounds after one to warm up, so that all meet the same machine. What it took
 * is what a work returns, ms, if only a part of it counts.
 */
export async function interleaved(rounds: number, works: Readonly<Record<string, () => unknown>>): Promise<Sample[]> {
  const samples = Object.entries(works).map(([name, work]) => ({ name, work, ms: [] as number[] }));
  for (let round = -1; round < rounds; round++) {
    for (const sample of samples) {
      const start = performance.now();
      const part = await sample.work();
      if (round >= 0) sample.ms.push(typeof part === "number" ? part : performance.now() - start);
    }
  }
  return samples;
}

/** A command as a work: runs it to its end, output discarded. @throws Error if it fails. */
export function command(...cmd: string[]): () => Promise<void> {
  return async () => {
    const code = await Bun.spawn(cmd, { stdio: ["ignore", "ignore", "inherit"] }).exited;
    if (code !== 0) throw new Error(`${cmd.join(" ")}: exit code ${code}`);
  };
}

/** Prints a table: median, spread, and the ratio to the first. */
export function report(title: string, samples: readonly Sample[]): void {
  const base = median(samples[0]?.ms ?? []);
  const width = Math.max(...samples.map(({ name }) => name.length));
  console.log(`\n${title}`);
  for (const { name, ms } of samples) {
    const [low, mid, high] = [Math.min(...ms), median(ms), Math.max(...ms)].map((value) =>
      value.toFixed(2).padStart(8),
    );
    console.log(
      `  ${name.padEnd(width)}  median ${mid} ms  range ${low} … ${high}  n ${ms.length}  ${(median(ms) / base).toFixed(2)}×`,
    );
  }
}
