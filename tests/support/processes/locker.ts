/** Processes that take a lock, for tests to direct: tests/fixtures/lock-process.ts. */
import { sleepsForLock } from "../../../scripts/bench/asleep.ts";
import { until } from "../wait.ts";
import { Talker } from "./talker.ts";

export interface Happening {
  readonly type: "waits" | "held" | "failed" | "released";
  readonly pid: number;
  readonly on?: number | null;
  readonly recovered?: number | null;
  readonly waitedMs?: number;
  readonly key?: string;
  readonly exitCode?: number;
  readonly how?: string;
}

export class Locker extends Talker<Happening> {
  constructor(file: string, waitMs?: number) {
    super("lock-process.ts", waitMs === undefined ? [file] : [file, waitMs]);
  }

  /** Whether something of this type has happened to it. */
  has(type: Happening["type"]): boolean {
    return this.heard.some((happening) => happening.type === type);
  }

  /** Waits until something of this type has happened. */
  until(type: Happening["type"]): Promise<Happening> {
    return this.untilHeard(type, (happening) => happening.type === type);
  }

  /** Waits until it sleeps in the kernel: see {@link sleepsForLock}. */
  async asleep(): Promise<void> {
    await this.until("waits");
    await until(`pid ${this.pid} sleeps for the lock`, () => sleepsForLock(this.pid));
  }

  /** Lets it release; it stays there. */
  release(): Promise<Happening> {
    this.goOn();
    return this.until("released");
  }
}
