/** The runners of a worker, one for each batch it does jobs of: made when the first of its jobs begins, closed when the batch is gone. */
import type { RunningJobs } from "../../jobs/running.ts";
import { currentFolder } from "../../os/bytes/bytes.ts";
import type { Guard } from "../../process/guard/guard.ts";
import type { Batches, KnownBatch } from "./batches.ts";
import { MapJobs } from "./map-jobs.ts";
import type { Modules } from "./modules.ts";
import { RunJobs } from "./run-jobs.ts";
import type { Runner } from "./runner.ts";

export interface RunnersParts {
  readonly batches: Batches;
  readonly modules: Modules;
  readonly guard: Guard;
  readonly jobs: RunningJobs;
  /** What this machine is called. */
  readonly host: string;
  /** Jobs run here, whatever their batch says. */
  readonly folder: string | undefined;
  /** A map that begins now has so many processes at the most. */
  readonly most: () => number;
  /** The jobs of a batch turned out not to be possible here. */
  readonly cannot: (batch: number, error: unknown) => void;
}

export class Runners {
  readonly #parts: RunnersParts;
  readonly #runners = new Map<number, Runner>();

  constructor(parts: RunnersParts) {
    this.#parts = parts;
  }

  /** Who does the jobs of a batch; undefined: it is gone. */
  of(id: number): Runner | undefined {
    const known = this.#runners.get(id);
    if (known !== undefined) return known;
    const batch = this.#parts.batches.of(id);
    if (batch === undefined) return undefined;
    const runner = this.#made(batch);
    this.#runners.set(id, runner);
    return runner;
  }

  /** Ends what runs: of these batches, or of all. */
  stop(ids: Iterable<number> = this.#runners.keys()): void {
    for (const id of ids) this.#runners.get(id)?.stop();
  }

  /** Ends what must not run here and elsewhere at the same time, for in a moment it may. @param graceMs after so long at the latest. */
  late(graceMs: number): void {
    for (const [id, runner] of this.#runners) if (this.#parts.batches.of(id)?.spec.noOverlap) runner.stop(graceMs);
  }

  /** Ends what has run for too long. */
  tick(): void {
    for (const runner of this.#runners.values()) runner.tick();
  }

  /** Does away with those whose batches are gone. */
  closeGone(): void {
    for (const [id, runner] of this.#runners) {
      if (this.#parts.batches.of(id) !== undefined) continue;
      this.#runners.delete(id);
      void runner.close();
    }
  }

  /** Resolves when nothing of any is left. */
  async close(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.close()));
  }

  #made({ id, name, spec }: KnownBatch): Runner {
    const { guard, jobs, host, modules, most, cannot } = this.#parts;
    const wanted = this.#parts.folder ?? spec.folder;
    const folder = wanted === currentFolder() ? undefined : wanted;
    if (spec.kind === "run") return new RunJobs(spec, { guard, jobs, host, folder, batch: name });
    return new MapJobs(spec, {
      ...{ modules, host, folder, workers: most() },
      cannot: (error) => {
        this.#runners.delete(id);
        cannot(id, error);
      },
    });
  }
}
