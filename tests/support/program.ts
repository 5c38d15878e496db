/** Programs of a user's, written into a playground and run there by `lanes exec`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Done, Playground } from "./lanes.ts";

/** Writes a program. @returns its path. */
export function program(place: Playground, text: string, name = "program.ts"): string {
  const path = join(place.tmp, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Writes a program and runs it to its end. */
export function execute(place: Playground, text: string, args: readonly string[] = []): Promise<Done> {
  return place.run(["exec", program(place, text), ...args]);
}

/** The first lines of nearly every program. */
export const imports = 'import * as lanes from "lanes";\nimport { Process } from "lanes";\n';

/** What a program prints whose first process does `main`, after whatever else it says at its top level. */
export async function printed(place: Playground, top: string, main: string): Promise<string[]> {
  const text = `${imports}${top}\nif (import.meta.main) {\n${main}\n}\n`;
  const { stdout, stderr, code } = await execute(place, text);
  if (code !== 0 || stderr !== "") throw new Error(`exit code ${code}\n${stdout}${stderr}`);
  return stdout.split("\n").slice(0, -1);
}
