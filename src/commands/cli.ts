/** Placeholder until the command line lands in the next commit: plays one demo and prints its document. */
import { isDemoName, loadDemo } from "../demos/catalog.ts";
import { playDemo } from "../demos/play.ts";

export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const name = argv[1] ?? "";
  if (!isDemoName(name)) return 2;
  const demo = await loadDemo(name);
  const params = Object.fromEntries(demo.params.map((param) => [param.name, param.default]));
  const { document, outcome, recording } = await playDemo(demo, { params, signal: new AbortController().signal });
  console.log(JSON.stringify({ document, outcome, events: recording.events() }));
  return document.ok ? 0 : 1;
}
