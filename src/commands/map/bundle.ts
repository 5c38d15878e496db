/** A module of the user's with all it imports in one file, and whether it loads where nothing else is. */
import { usageError } from "../../errors.ts";
import { nowhere } from "../../farm/work/map-jobs.ts";
import { RowSource } from "../../farm/work/row-source.ts";
import { linesOf } from "../../os/bytes/printable.ts";
import { MapPool, type MapPoolOptions } from "../../pool/index.ts";
import { describe } from "../../pool/worker/module.ts";
import { tsconfigPlugin } from "../../pool/worker/tsconfig-plugin.ts";
import { nowMs } from "../../recording/clock.ts";

/** Bundles it. @throws LanesError (usage) for what does not parse, or is not there: Bun's message, file and line. */
export async function bundled(module: string, file: string): Promise<Uint8Array> {
  const plugin = await tsconfigPlugin(module);
  try {
    const { outputs } = await Bun.build({
      entrypoints: [module],
      target: "bun",
      format: "esm",
      sourcemap: "inline",
      ...(plugin === null ? {} : { plugins: [plugin] }),
    });
    const [output] = outputs;
    if (output === undefined) throw new Error("no output");
    return new Uint8Array(await output.arrayBuffer());
  } catch (error) {
    throw usageError("map.module.load", { file, detail: linesOf(describe(error)) }, error);
  }
}

/** Loads it in a worker, as a map would, without an item. @returns what is wrong; null: nothing. */
export async function loadsAlone(options: MapPoolOptions): Promise<Error | null> {
  const source = new RowSource();
  const listener = { failed: () => {}, said: () => {}, worker: () => {} };
  const timeline = {
    originMs: nowMs(),
    sink: ({ type }: { type: string }) => {
      if (type === "ready") source.close();
    },
  };
  const pool = new MapPool({ ...options, jobs: 1, init: null }, source, nowhere, listener, timeline);
  try {
    await pool.run();
    return pool.error;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
