/**
 * `--resume` and `--resume-failed`: which jobs an earlier run has done. A job is known by what was run, the command with
 * its values in it, not by its number: with another input the right jobs are left out. Equal commands are counted: two
 * of them in the log leave out two.
 */
import { decodeText, encodeText } from "../os/byte-strings.ts";
import type { Logged } from "./joblog.ts";
import type { Template } from "./template.ts";
import type { Values } from "./values.ts";

/** Slots tried for a command with `{%}` in it: the log has the slot the job happened to run in. */
const SLOTS_TRIED = 256;

export class Resume {
  /** By command: the numbers of the jobs that are done. */
  readonly #done = new Map<string, Set<number>>();

  /** @param mode `all`: jobs that ended are done; `failed`: those that ended well. */
  constructor(private readonly mode: "all" | "failed") {}

  /** Takes in one line of the log. */
  add({ seq, exitValue, signal, command: written }: Logged): void {
    if (this.mode === "failed" && (exitValue !== 0 || signal !== 0)) return;
    const command = withBytes(written);
    const known = this.#done.get(command);
    if (known === undefined) this.#done.set(command, new Set([seq]));
    else known.add(seq);
  }

  /** Whether this job is done; if so, it is counted off. */
  skips(template: Template, seq: number, values: Values): boolean {
    if (this.#done.size === 0) return false;
    const slots = template.usesSlot ? SLOTS_TRIED : 1;
    for (let slot = 1; slot <= slots; slot += 1) {
      if (this.#take(withBytes(template.compose({ seq, slot, values }).text), seq)) return true;
    }
    return false;
  }

  #take(command: string, seq: number): boolean {
    const known = this.#done.get(command);
    if (known === undefined) return false;
    const number = known.has(seq) ? seq : (known.values().next().value ?? seq);
    known.delete(number);
    if (known.size === 0) this.#done.delete(command);
    return true;
  }
}

/** How lanes 1.0 wrote bytes that are not UTF-8 where GNU parallel, and lanes since, write the bytes themselves. */
const SPELLED = /'"\$\(printf '((?:\\[0-7]{3})+)'\)"'/g;

/** The command as it is written today: logs of old are still to be recognised. */
function withBytes(command: string): string {
  const bytes = command.isWellFormed() ? command : decodeText(encodeText(command)); // two halves may make a character
  if (!bytes.includes("$(printf '\\")) return bytes;
  return bytes.replace(SPELLED, (_, octal: string) =>
    decodeText(
      Buffer.from(
        octal
          .slice(1)
          .split("\\")
          .map((digits) => Number.parseInt(digits, 8)),
      ),
    ),
  );
}
