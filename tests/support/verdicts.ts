import { join } from "node:path";
import { root } from "./root.ts";

/** What a model checker of `scripts` says: a line for each world and mutant. @throws Error unless all are as they should be. */
export async function verdicts(script: string, ...args: readonly string[]): Promise<string[]> {
  const path = join(root, "scripts", script);
  const checker = Bun.spawn([process.execPath, path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const text = await new Response(checker.stdout).text();
  if ((await checker.exited) !== 0) throw new Error(`${script}: exit code ${checker.exitCode}\n${text}`);
  return text
    .trim()
    .split("\n")
    .map((line) => line.replace(/ \(\d+ states.*/, ""));
}
