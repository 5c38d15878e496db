/** `lanes explore` on a program in a folder of its own, and its document. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanes, type Playground } from "../lanes.ts";

export interface ExploreDocument {
  readonly runs: number;
  readonly orders: number;
  readonly stopped: string | null;
  readonly ok: boolean;
  readonly outcomes: readonly {
    readonly count: number;
    readonly end: string;
    readonly exitCode: number | null;
    readonly right: boolean;
    readonly files: Readonly<Record<string, string | null>>;
    readonly stdout: string;
  }[];
  readonly deadlocks: readonly {
    readonly waits: readonly { readonly lane: string; readonly why: string; readonly on: string }[];
  }[];
  readonly smallest: {
    readonly order: string;
    readonly sentence: string;
    readonly explanation: { readonly is: string };
    readonly steps: readonly {
      readonly lane: string;
      readonly pid: number;
      readonly call: string;
      readonly file: string;
    }[];
  } | null;
  readonly notes: { readonly unsteady: boolean; readonly slept: boolean; readonly unprivileged: readonly string[] };
}

/** A folder of its own, with these files. */
export function folderOf(play: Playground, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(play.tmp, "case-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Explores in a folder. */
export async function explored(play: Playground, folder: string, args: readonly string[]) {
  const child = Bun.spawn([lanes, "explore", "--timeout", "60s", "--json", ...args], {
    cwd: folder,
    env: play.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  await child.exited;
  const document = JSON.parse(stdout === "" ? "null" : stdout) as ExploreDocument;
  return { document, stderr, code: child.exitCode };
}

/** A counter in a file that two processes of a shell add to. */
export const counter = (add: string) => `echo 0 > n
add() { ${add}; }
add & add & wait
cat n
`;
export const plain = "read v < n; echo $((v + 1)) > n";
