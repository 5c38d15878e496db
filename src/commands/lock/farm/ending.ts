/**
 * The end of a command whose lock was lost: all of it, what it has started included, by SIGTERM, and by SIGKILL when the time has come.
 * It is found by the mark in its environment and by whose child it is, wherever it has gone: it runs in lanes' own process group,
 * for the terminal's sake, so it cannot be ended by group.
 */
import { t } from "../../../i18n/index.ts";
import { bootMs } from "../../../os/boot-clock.ts";
import { allProcesses, kernelView } from "../../../os/process/process-table.ts";
import { signalTarget } from "../../../process/guard/groups.ts";
import { processesMarked } from "../../../process/guard/marked.ts";
import type { Tell } from "../locked-command.ts";

/** Between two looks at what is left, ms. */
const ROUND_MS = 20;
/** What SIGKILL does not end within so long, ms, hangs in the kernel. */
const HANGS_MS = 5_000;

export class CommandEnding {
  /** Resolves when nothing of it is left. */
  readonly complete: Promise<void>;

  /** @param killMs when it has to be gone, on {@link bootMs}. */
  constructor(
    private readonly mark: string,
    private readonly child: Bun.Subprocess,
    private readonly killMs: number,
    private readonly tell: Tell,
  ) {
    this.complete = this.#end();
  }

  async #end(): Promise<void> {
    for (const pid of this.#left()) {
      signalTarget(pid, "SIGTERM");
      signalTarget(pid, "SIGCONT"); // a stopped process cannot heed SIGTERM
    }
    let told = false;
    for (;;) {
      const left = this.#left();
      if (left.length === 0) return;
      const late = bootMs() - this.killMs;
      if (late >= 0) for (const pid of left) signalTarget(pid, "SIGKILL");
      if (late >= HANGS_MS && !told) {
        told = true;
        this.tell(t("farm.lock.hangs", { pids: left.join(", ") }));
      }
      await Bun.sleep(ROUND_MS);
    }
  }

  /** The pids of what still runs. */
  #left(): number[] {
    const { pid, exitCode, signalCode } = this.child;
    const itself = exitCode === null && signalCode === null ? [pid] : [];
    return [...new Set([...itself, ...processesMarked(this.mark), ...descendantsOf(pid)])];
  }
}

/** What runs below a process. */
function descendantsOf(root: number): number[] {
  const parents = new Map(
    (allProcesses() ?? []).filter(({ zombie }) => !zombie).map(({ pid }) => [pid, kernelView(pid)?.ppid]),
  );
  const found = new Set<number>([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (parent === undefined || found.has(pid) || !found.has(parent)) continue;
      found.add(pid);
      grown = true;
    }
  }
  found.delete(root);
  return [...found];
}
