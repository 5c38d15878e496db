/** What a process of a user's program is told when it begins. */
import { deserialize, serialize } from "bun:jsc";
import type { Language } from "../../i18n/index.ts";
import type { FunctionPlace } from "../place/place.ts";
import type { PoolJob } from "../pool/wire.ts";
import type { ChildIdentity } from "./self.ts";

export interface ProgramStart {
  readonly language: Language;
  readonly identity: ChildIdentity;
  /** The program's own file, and its arguments. */
  readonly argv: readonly string[];
  readonly job: ProcessJob | PoolJob | MainJob;
}

/** A Process. */
export interface ProcessJob {
  readonly is: "process";
  readonly subclass: FunctionPlace | undefined;
  readonly target: FunctionPlace | undefined;
  /** Encoded by themselves: they are decoded when everything is loaded. */
  readonly args: Uint8Array;
  /** The fields of a subclass's instance. */
  readonly state: Uint8Array | undefined;
}

/** The program itself, in a process that another one watches. */
interface MainJob {
  readonly is: "main";
  /** Links followed. */
  readonly file: string;
}

export function encodeProgram(start: ProgramStart): Uint8Array {
  return serialize(start, { binaryType: "nodebuffer" }) as Buffer;
}

export function decodeProgram(bytes: Uint8Array): ProgramStart {
  return deserialize(bytes as Uint8Array<ArrayBuffer>) as ProgramStart;
}
