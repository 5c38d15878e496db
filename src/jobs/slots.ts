/** How many jobs run at once where the system allows fewer processes than were asked for. */
import { processesLeft } from "../os/process/process-limit.ts";

/** Processes and threads that are left to lanes: its guard, and what the engine and its helpers want while it runs. */
const RESERVE = 16;
/** What a job may well have. */
const JOB_PROCESSES = 4;
/** With fewer jobs at once a limit that leaves no room is not looked for: looking costs some milliseconds. */
const MANY = 16;

export class Slots {
  #most: number;
  /** The jobs asked for may well use up what is left of the limit. */
  readonly tight: boolean;

  /** @param wanted jobs at once. */
  constructor(wanted: number) {
    const left = wanted > MANY ? processesLeft() : null;
    this.tight = left !== null && left < JOB_PROCESSES * wanted + RESERVE;
    this.#most = left === null ? wanted : Math.max(1, Math.min(wanted, left - RESERVE));
  }

  /** Jobs that may run at once. */
  get most(): number {
    return this.#most;
  }

  /** One could not be started, of want of processes or memory, while so many ran: room is left from now on. */
  short(running: number): void {
    this.#most = Math.min(this.#most, Math.max(1, running - RESERVE));
  }
}
