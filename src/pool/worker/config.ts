import type { Integers } from "./integers.ts";

/** What a worker is told first. */
export interface WorkerConfig {
  readonly build: string;
  /** Where it finds the control page. */
  readonly control: string;
  /** An absolute path; or a name, of a module inside this executable. */
  readonly module: string;
  readonly exportName: string;
  readonly init: string | null;
  /** Its place on the control page. */
  readonly worker: number;
  readonly lane: string;
  readonly input: "lines" | "jsonl";
  readonly output: "jsonl" | "raw";
  readonly integers: Integers;
  /** The tsconfig.json by which files have to be compiled otherwise than Bun does by itself; null if none has to. */
  readonly tsconfig: string | null;
  readonly timeoutMs: number | null;
  readonly maxRssBytes: number | null;
}
