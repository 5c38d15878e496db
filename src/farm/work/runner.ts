/** How the jobs of one batch are done on a machine. */
import type { Claimed } from "../jobs/worker-statements.ts";
import type { Finished } from "./completions.ts";

/** What a try came to: to be told, or (null) nothing, because it was ended from here. */
export type TryOutcome = Omit<Finished, "worker" | "claimed"> | null;

export interface Runner {
  /** Begins a job. @returns false if the system is short of something: it has not begun. @throws what lanes cannot go on after. */
  begin(claimed: Claimed, slot: number, ended: (outcome: TryOutcome) => void): boolean;
  /** Ends what has run for too long. */
  tick(): void;
  /** Ends all that runs. @param graceMs after so long at the latest. */
  stop(graceMs?: number): void;
  /** No more jobs come. Resolves when nothing of it is left. */
  close(): Promise<void>;
}
