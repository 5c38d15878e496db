/**
 * The signals of a process that runs a command: they are for the command, which gets each of them once. What was sent to the
 * whole group it has already; what was sent to this process alone is passed on.
 */

import { readProc } from "../../lock/system/proc.ts";
import { handleSignals, type KnownSignal, numberOf } from "../../os/signals.ts";
import { GroupWitness } from "./group-witness.ts";

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const satisfies KnownSignal[];

/** Most commands that are short end sooner, ms: for them no witness is started. */
const SHORT_MS = 20;

/** Whom signals are for: of a child of Bun's what is needed here. */
export type Recipient = Pick<Bun.Subprocess, "pid" | "exitCode" | "signalCode"> & {
  kill(signal: (typeof passedOn)[number]): void;
};

/** Says whether a signal that has reached this process was sent to its whole group; undefined if it cannot tell. */
export interface Witness {
  start(): void;
  saw(signal: number): Promise<boolean | undefined>;
  end(): Promise<void>;
}

/** The signals of one run. Before the command has been started they are lost: no more than a moment may pass. */
export class PassingOn {
  readonly #dispose = handleSignals(
    Object.fromEntries(passedOn.map((signal) => [signal, () => void this.#receive(signal)])),
  );
  #witness: Witness = new GroupWitness();
  #child: Recipient | undefined;
  /** The command has run for more than a moment. */
  #begun = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** From now on they are for this process. */
  to(child: Recipient, witness = this.#witness): void {
    this.#child = child;
    this.#witness = witness;
    this.#timer = setTimeout(() => {
      this.#begun = true;
      this.#witness.start();
    }, SHORT_MS);
  }

  /** Signals mean again what they meant before. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    this.#dispose();
    await this.#witness.end();
  }

  async #receive(signal: (typeof passedOn)[number]): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    // Sent while we waited for the lock, and heard only now; nor does a command listen to these as soon as this.
    if (!this.#begun && (signal === "SIGUSR1" || signal === "SIGUSR2")) return;
    // A command that has left for a group of its own has got nothing that was sent to ours.
    const together = groupOf(child.pid) === groupOf(process.pid);
    if (together && (await this.#witness.saw(numberOf(signal)))) return;
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  }
}

/** The process group of a process; undefined where there is no telling. */
function groupOf(pid: number): string | undefined {
  const stat = readProc(`${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ", 3)[2];
}
