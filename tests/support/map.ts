/** Running `lanes map` in a test: modules written where it runs, and input given to it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Done, Playground } from "./lanes.ts";
import { lanes } from "./lanes.ts";

/** Writes a file into the playground; returns its path. */
export function put(place: Playground, name: string, text: string): string {
  const path = join(place.tmp, name);
  writeFileSync(path, text);
  return path;
}

export interface MapOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Record<string, string>;
}

/** Runs `lanes map` with these arguments to its end. */
export async function map(place: Playground, args: readonly string[], options: MapOptions = {}): Promise<Done> {
  const child = Bun.spawn([lanes, "map", ...args], {
    env: { ...place.env, ...options.env },
    stdin: options.input === undefined ? "ignore" : new Blob([options.input as string | Uint8Array<ArrayBuffer>]),
    stdout: "pipe",
    stderr: "pipe",
    cwd: place.tmp,
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { stdout, stderr, code: child.exitCode, signal: child.signalCode?.toString() ?? null };
}

/** `1\n2\n … n\n`. */
export const numbers = (n: number): string => Array.from({ length: n }, (_, i) => `${i + 1}\n`).join("");

/** The summary that `--json` puts on the last line of stderr. */
export function summaryOf(done: Done) {
  return JSON.parse(done.stderr.trimEnd().split("\n").at(-1) ?? "");
}
