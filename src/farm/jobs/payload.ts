/** What a batch and a job are, as bytes: any bytes can be in a command, a folder, a value, and a database's text takes UTF-8 only. */
import type { Timeout } from "../../jobs/timeout.ts";
import { decodeText, encodeText } from "../../os/bytes/byte-strings.ts";
import type { MapPoolOptions } from "../../pool/index.ts";
import type { ItemUnit } from "../../recording/results/map-result.ts";

/** What all jobs of `lanes run --on` have in common. */
export interface RunSpec {
  readonly kind: "run";
  /** The command with its placeholders. */
  readonly command: readonly string[];
  /** The shell that runs it; null: none. */
  readonly shell: string | null;
  /** The folder of the submitter: that of every job, unless a worker has one of its own. */
  readonly folder: string;
  /** Variables that go with the jobs. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeout: Timeout | null;
  /** Of each stream that is passed on, bytes. */
  readonly maxOutput: number;
  /** Jobs of a machine that cannot renew its lease end before another may begin them. */
  readonly noOverlap: boolean;
  readonly keepOrder: boolean;
  readonly tag: boolean;
}

/** Where the module of a map is: bundled, in the database; or at this path on each machine. */
export type ModuleSource = { readonly bundle: string } | { readonly path: string; readonly sha256: string };

/** What all rows of `lanes map --on` have in common: what a pool is to do. */
export interface MapSpec {
  readonly kind: "map";
  readonly module: ModuleSource;
  /** As the person named it. */
  readonly file: string;
  readonly pool: Omit<MapPoolOptions, "module" | "tsconfig" | "jobs" | "ordered" | "chunk" | "onError" | "folder"> & {
    readonly onError: "record" | "report";
  };
  /** For whoever takes the results. */
  readonly results: Pick<MapPoolOptions, "onError" | "ordered" | "chunk"> & {
    readonly unit: ItemUnit;
    /** Items are JSON; and if so, texts that a person typed. */
    readonly json: boolean;
    readonly itemsAreTexts: boolean;
  };
  readonly folder: string;
  readonly noOverlap: boolean;
}

/** What the jobs of a batch have in common. */
export type Spec = RunSpec | MapSpec;

/** A spec as it is kept: JSON, where a byte that is not UTF-8 is the escape of a lone surrogate (byte-strings.ts). */
export const packSpec = (spec: Spec): Buffer => Buffer.from(JSON.stringify(spec), "utf8");
/** A spec as it was packed. */
export const unpackSpec = (bytes: Uint8Array): Spec => JSON.parse(Buffer.from(bytes).toString("utf8")) as Spec;

const LENGTH = 4;

/** Texts of any bytes one after the other, each behind its length. */
export function packTexts(texts: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (const text of texts) {
    const bytes = encodeText(text);
    const length = Buffer.allocUnsafe(LENGTH);
    length.writeUInt32LE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

/** The texts that were packed. */
export function unpackTexts(packed: Uint8Array): string[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + LENGTH + bytes.readUInt32LE(at);
    texts.push(decodeText(bytes.subarray(at + LENGTH, end)));
    at = end;
  }
  return texts;
}

/** Bytes before a row's lines. */
export const ROW_HEADER = 12;

/** Consecutive items of a map: the number of the first in the input, and their lines, without the last one's end. */
export interface Row {
  readonly first: number;
  readonly count: number;
  readonly lines: Buffer;
}

/** A row as bytes. */
export function packRow({ first, count, lines }: Row): Buffer {
  const header = Buffer.allocUnsafe(ROW_HEADER);
  header.writeDoubleLE(first, 0);
  header.writeUInt32LE(count, 8);
  return Buffer.concat([header, lines]);
}

/** The row that was packed. */
export function unpackRow(packed: Uint8Array): Row {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  return { first: bytes.readDoubleLE(0), count: bytes.readUInt32LE(8), lines: bytes.subarray(ROW_HEADER) };
}
