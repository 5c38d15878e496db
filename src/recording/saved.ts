/**
 * A recording that was kept in a file: the JSONL stream of a demo, a run, a map or a trace, read back.
 *
 * Always true: what it returns has been checked line by line and stands in the order of time; what it reads at once, and
 * what it keeps, is bounded by {@link limits}, whatever the file is. Types of events that a later lanes may add are
 * skipped; a recording without a result is one whose lanes was stopped, and as good as any other.
 */
import { type FileHandle, open } from "node:fs/promises";
import { errnoCode, type LanesError, usageError } from "../errors.ts";
import { type MessageKey, phrase } from "../i18n/phrase.ts";
import { systemPath } from "../os/bytes/paths.ts";
import { checkedHeader, eventOf } from "./codec.ts";
import { type LaneEvent, stamp } from "./event.ts";
import { Flaw, type Raw, rawOf, readFields } from "./fields.ts";
import type { RecordingHeader } from "./header.ts";
import { type Told, toldOf } from "./results/outcome.ts";

/** What a recording may have at most. Half a million events take some 350 MB to step through. */
export const limits = { bytes: 128 * 2 ** 20, lineBytes: 4 * 2 ** 20, events: 500_000, lanes: 10_000 } as const;

/** How much is read at once. */
const CHUNK = 64 * 2 ** 10;

/** A recording that was read. */
export interface Saved {
  readonly header: RecordingHeader;
  /** By time; those of one moment in the order of their lines. */
  readonly events: readonly LaneEvent[];
  /** Lines of a type that this version does not know. */
  readonly skipped: number;
  /** What a demo told of its outcome; undefined if it was cut off before, or is older than such events. */
  readonly told: Told | undefined;
  /** The document it ended with; undefined if it was cut off before. */
  readonly result: Raw | undefined;
}

/** Whether there are words for what a recording's key says. */
type IsKnown = (key: string) => key is MessageKey;

/**
 * Reads a recording. What a demo tells of its outcome in words that are not known is skipped: they are a later version's.
 * @throws LanesError (usage) that names the file, and the line where there is one.
 */
export async function readSaved(file: string, isKnown: IsKnown): Promise<Saved> {
  const lines = new SavedLines(file, isKnown);
  let handle: FileHandle | undefined;
  try {
    handle = await open(systemPath(file));
    const stat = await handle.stat();
    if (stat.isDirectory()) throw usageError("replay.error.folder", { file });
    if (stat.isFile() && stat.size > limits.bytes) throw tooLarge(file);
    await readLines(handle, lines);
  } catch (error) {
    const code = errnoCode(error);
    if (code === undefined) throw error;
    if (code === "ENOENT") throw usageError("replay.error.missing", { file }, error);
    throw usageError("replay.error.unreadable", { file, reason: code }, error);
  } finally {
    await handle?.close();
  }
  return lines.saved();
}

const mega = (bytes: number) => bytes / 2 ** 20;
const tooLarge = (file: string) => usageError("replay.error.size", { file, limit: mega(limits.bytes) });

/** Hands on every line, and what stands after the last line break. */
async function readLines(handle: FileHandle, lines: SavedLines): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  let rest: Buffer[] = [];
  let restBytes = 0;
  let total = 0;
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK);
    if (bytesRead === 0) break;
    total += bytesRead;
    if (total > limits.bytes) throw tooLarge(lines.file);
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0 && at < bytesRead; at = chunk.indexOf(10, from)) {
      rest.push(chunk.subarray(from, at));
      lines.add(Buffer.concat(rest).toString(), true);
      rest = [];
      restBytes = 0;
      from = at + 1;
    }
    if (from === bytesRead) continue;
    rest.push(Buffer.from(chunk.subarray(from, bytesRead)));
    restBytes += bytesRead - from;
    if (restBytes > limits.lineBytes)
      throw lines.flawed(new Flaw("replay.flaw.long", { limit: mega(limits.lineBytes) }));
  }
  lines.add(Buffer.concat(rest).toString(), false);
}

/** The lines of a recording, one after another. */
class SavedLines {
  readonly #events: LaneEvent[] = [];
  readonly #lanes = new Set<string>();
  #header: RecordingHeader | undefined;
  #told: Told | undefined;
  #result: Raw | undefined;
  #skipped = 0;
  /** Lines read so far; and the first that holds something. */
  #line = 0;
  #first = 0;

  constructor(
    readonly file: string,
    private readonly isKnown: IsKnown,
  ) {}

  /** Takes the next line; `whole`: a line break ended it. @throws LanesError (usage) for one that is no event. */
  add(line: string, whole: boolean): void {
    if (line.trim() === "") {
      this.#line += Number(whole);
      return;
    }
    this.#first ||= this.#line + 1;
    const others = ["run", "exec", "trace"].includes(this.#header?.of ?? "");
    if (whole && others && !/^\{\s*"type"\s*:\s*"/.test(line)) {
      this.#line++; // what a job, a program or the traced command wrote on the same stderr
      return;
    }
    try {
      this.#take(parsed(this.#line === 0 ? line.replace(/^\ufeff/, "") : line, whole));
    } catch (error) {
      throw error instanceof Flaw ? this.flawed(error) : error;
    }
    this.#line++;
  }

  /** The error of the line that is being read. */
  flawed(reason: Flaw): LanesError {
    return usageError("replay.error.line", { file: this.file, line: this.#line + 1, reason });
  }

  /** What was read. @throws LanesError (usage) if it is no recording. */
  saved(): Saved {
    const file = this.file;
    if (this.#header === undefined) {
      if (this.#first === 0) throw usageError("replay.error.empty", { file });
      throw usageError("replay.error.line", { file, line: this.#first, reason: phrase("replay.flaw.headless") });
    }
    const events = this.#events.sort((a, b) => a.t - b.t);
    return { header: this.#header, events, skipped: this.#skipped, told: this.#told, result: this.#result };
  }

  #take(raw: Raw): void {
    if (raw.type === "recording") {
      if (this.#header !== undefined) throw new Flaw("replay.flaw.second", {});
      this.#header = checkedHeader(raw);
      if (this.#header.of !== "demo" && this.#line > 0) throw new Flaw("replay.flaw.headless", {});
    } else if (raw.type === "result") this.#result = raw;
    else if (raw.type === "outcome") this.#outcome(raw);
    else this.#event(raw);
  }

  #event(raw: Raw): void {
    const event = eventOf(this.#header?.of ?? "demo", raw);
    this.#lanes.add(event?.lane ?? readFields(stamp, raw).lane);
    if (this.#lanes.size > limits.lanes) throw new Flaw("replay.flaw.lanes", { limit: limits.lanes });
    if (event === null) this.#skipped++;
    else this.#events.push(event);
    if (this.#events.length > limits.events) throw new Flaw("replay.flaw.events", { limit: limits.events });
  }

  #outcome(raw: Raw): void {
    readFields(stamp, raw);
    const told = toldOf(raw, this.isKnown);
    if (told === null) this.#skipped++;
    else this.#told = told;
  }
}

/** @throws Flaw for what is no JSON object. */
function parsed(line: string, whole: boolean): Raw {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    const beginning = line.slice(0, 30).replace(/[\p{Cc}\ufffd]/gu, "?");
    throw whole ? new Flaw("replay.flaw.json", { beginning }) : new Flaw("replay.flaw.cut", {});
  }
  return rawOf(raw);
}
