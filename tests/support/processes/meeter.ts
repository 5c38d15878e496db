/** Processes that meet others at a semaphore, queue, barrier or event: tests/fixtures/coordination.ts. */
import { Talker } from "./talker.ts";

/** What one of them says: one of these, and when (ms, on the one clock). */
export interface Saying {
  readonly t: number;
  readonly waits?: unknown;
  readonly has?: number;
  readonly recovered?: number | null;
  readonly gave?: number;
  readonly in?: number;
  readonly out?: number;
  readonly put?: string;
  readonly length?: number;
  readonly took?: string;
  readonly number?: number;
  readonly visited?: number;
  readonly came?: number;
  readonly passed?: number | true;
  readonly failed?: string;
  readonly message?: string;
}

export class Meeter extends Talker<Saying> {
  constructor(
    kind: "slot" | "slots" | "put" | "take" | "visit" | "barrier" | "event",
    ...args: readonly (string | number)[]
  ) {
    super("coordination.ts", [kind, ...args]);
  }

  /** The first thing of this kind it has said. */
  said(what: keyof Saying): Saying | undefined {
    return this.heard.find((saying) => saying[what] !== undefined);
  }

  /** Waits until it has said something of this kind. */
  until(what: keyof Saying): Promise<Saying> {
    return this.untilHeard(what, (saying) => saying[what] !== undefined);
  }
}
