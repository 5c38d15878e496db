/** A script that tortures the executable under test. */

import { join } from "node:path";
import { lanes } from "./lanes.ts";
import { root } from "./root.ts";

/** Runs `scripts/NAME.ts` to its end. @returns its exit code, and the last line it printed, which is its summary. */
export async function torture(name: string, ...args: string[]) {
  const script = join(root, "scripts", `${name}.ts`);
  const env = { ...process.env, LANES_BINARY: lanes };
  const run = Bun.spawn([process.execPath, script, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  const summary = JSON.parse((await new Response(run.stdout).text()).trim().split("\n").pop() ?? "");
  return { code: await run.exited, summary };
}
