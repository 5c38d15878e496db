/** `lanes run --dry-run`. */
import { ExitCode } from "../../errors.ts";
import type { Template } from "../../jobs/input/template.ts";
import type { JobValues } from "../../jobs/input/values.ts";
import { encodeText } from "../../os/bytes/byte-strings.ts";
import { printable, printableInQuotes } from "../../os/bytes/printable.ts";
import { writeOut } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";

/**
 * `--dry-run`: the commands, and nothing is run. Into a pipe or a file byte by byte, to be run from there; on a terminal one a line,
 * with escapes for what cannot be shown there. Without a shell only quoted words hold such characters, and can be pasted.
 */
export async function printCommands(
  template: Template,
  values: AsyncIterable<JobValues[]>,
  shell: boolean,
): Promise<number> {
  const shown = !isTerminal(1) ? (text: string) => text : shell ? printable : printableInQuotes;
  let seq = 0;
  for await (const batch of values) {
    const lines = batch.map((row) => `${shown(template.compose({ seq: ++seq, slot: 1, values: row }).text)}\n`);
    writeOut(encodeText(lines.join("")));
  }
  return ExitCode.ok;
}
