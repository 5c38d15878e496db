/** The user's program in a process of its own, which another lanes watches: as without, but that what happens is recorded. */
import { ExitCode, LanesError } from "../errors.ts";
import { never } from "../os/awake.ts";
import { writeErr } from "../os/stdout.ts";
import { runMain } from "./main-program.ts";
import { record } from "./self.ts";

/** The longest text of an event, characters. */
const MOST_TEXT = 300;

/** Runs it, and records what it prints by `console.log` besides what the library records. */
export async function runWatched(file: string, argv: readonly string[]): Promise<number> {
  const { log } = console;
  console.log = (...values: unknown[]) => {
    const text = values.map((value) => (typeof value === "string" ? value : Bun.inspect(value))).join(" ");
    record({ type: "say", text: text.slice(0, MOST_TEXT) });
    log(...values);
  };
  try {
    await runMain(file, argv);
  } catch (error) {
    if (!(error instanceof LanesError)) throw error;
    writeErr(`lanes: ${error.message}\n`);
    return error.exitCode ?? ExitCode.failed;
  }
  return never;
}
