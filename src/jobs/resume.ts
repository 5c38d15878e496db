/**
 * `--resume` and `--resume-failed`: which jobs an earlier run has done. A job is known by what was run, the command with
 * its values in it, not by its number: with another input the right jobs are left out, also where the number (`{#}`) or the
 * slot (`{%}`) is in the command. Equal commands are counted: two of them in the log leave out two.
 */
import { randomInt } from "node:crypto";
import { decodeText, encodeText } from "../os/bytes/byte-strings.ts";
import type { Template } from "./input/template.ts";
import type { JobValues } from "./input/values.ts";
import type { Logged } from "./joblog.ts";

/** Slots tried for a command with `{%}` in it: the log has the slot the job happened to run in. */
const SLOTS_TRIED = 256;
/** Ways to tell the number of a job from equal digits in its command; more than these are not tried. */
const WAYS = 5_000;

/** A job that the log has. */
interface Done {
  readonly seq: number;
  counted: boolean;
}

export class Resume {
  /** By what was run; a number stands as a NUL in it. */
  readonly #done = new Map<string, Done[]>();
  /** Commands and numbers that the log has had: the same job again is one job. */
  readonly #known = new Set<string>();
  /** Stands for a number in a command until it is looked up: digits, because they are quoted like digits. */
  readonly #standIn = Array.from({ length: 24 }, () => randomInt(1, 10)).join("");

  /** @param mode `all`: jobs that ended are done; `failed`: those that ended well. */
  constructor(
    private readonly mode: "all" | "failed",
    private readonly template: Template,
  ) {}

  /** Takes in one line of the log. */
  add({ seq, exitValue, signal, command: written }: Logged): void {
    if (this.mode === "failed" && (exitValue !== 0 || signal !== 0)) return;
    const command = withBytes(written);
    const key = `${seq} ${command}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const done: Done = { seq, counted: false };
    const { numbers } = this.template;
    for (const text of numbers === 0 ? [command] : withoutNumber(command, String(seq), numbers)) {
      const same = this.#done.get(text);
      if (same === undefined) this.#done.set(text, [done]);
      else same.push(done);
    }
  }

  /** Whether this job is done; if so, it is counted off. */
  skips(seq: number, values: JobValues): boolean {
    if (this.#done.size === 0) return false;
    const { template } = this;
    const slots = template.usesSlot ? SLOTS_TRIED : 1;
    const numbered = template.numbers > 0;
    for (let slot = 1; slot <= slots; slot += 1) {
      const text = withBytes(template.compose({ seq: numbered ? this.#standIn : seq, slot, values }).text);
      if (this.#take(numbered ? text.replaceAll(this.#standIn, "\0") : text, seq)) return true;
    }
    return false;
  }

  /** Counts off the job of this number among those that ran the same, else the first. */
  #take(text: string, seq: number): boolean {
    const left = this.#done.get(text)?.filter(({ counted }) => !counted);
    if (left === undefined) return false;
    const job = left.find((done) => done.seq === seq) ?? left[0];
    if (job !== undefined) job.counted = true;
    if (left.length <= 1) this.#done.delete(text);
    else
      this.#done.set(
        text,
        left.filter((other) => other !== job),
      );
    return job !== undefined;
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

/** A command with a NUL in the place of its number, in every way there is to put `count` of them. */
function withoutNumber(command: string, number: string, count: number): string[] {
  const found: string[] = [];
  const put = (before: string, rest: string, left: number): void => {
    if (left === 0) found.push(before + rest);
    for (let at = rest.indexOf(number); left > 0 && at >= 0 && found.length < WAYS; at = rest.indexOf(number, at + 1)) {
      put(`${before}${rest.slice(0, at)}\0`, rest.slice(at + number.length), left - 1);
    }
  };
  put("", command, count);
  return found;
}
