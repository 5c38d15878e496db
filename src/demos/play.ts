/** Plays a demo from parameters to the document that `--json` prints: folder, stage, play, clearing up. */

import { access, constants, mkdir, rm, stat } from "node:fs/promises";
import { errnoCode, usageError } from "../errors.ts";
import { type LockHandle, tryLock } from "../lock/index.ts";
import { folderAlias } from "../os/bytes/alias.ts";
import { joinPath, systemPath, uniqueFolder } from "../os/bytes/paths.ts";
import { temporary } from "../os/files/tempfile.ts";
import { FolderGuard } from "../process/guard/folder-guard.ts";
import { Recording } from "../recording/recording.ts";
import type { Demo, DemoOutcome, Params } from "./define.ts";
import { type FarmStage, Stage } from "./stage.ts";
import { StallWatchdog } from "./watchdog.ts";

/** One process in the document; times in ms since the demo began. */
export interface DocumentLane {
  readonly lane: string;
  readonly pid: number;
  readonly ppid: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly startMs: number;
  readonly readyMs: number | null;
  readonly endMs: number | null;
  readonly cpuMs: number | null;
  readonly maxRssKb: number | null;
}

/** The document of `lanes demo NAME --json`. */
export interface DemoDocument {
  readonly v: 1;
  readonly demo: string;
  readonly params: Params;
  readonly ok: boolean;
  readonly elapsedMs: number;
  readonly parent: { readonly pid: number; readonly ppid: number };
  readonly lanes: readonly DocumentLane[];
  readonly result: object;
}

/** A demo that was played: the document for scripts, the outcome for people, the recording for both. */
export interface Played {
  readonly demo: Demo;
  readonly document: DemoDocument;
  readonly outcome: DemoOutcome;
  readonly recording: Recording;
}

export interface PlayOptions {
  readonly params: Params;
  /** Where its files stay, for looking at; by default a temporary folder that is removed. */
  readonly dir?: string | undefined;
  /** The farm it is played in, for a demo that can be. */
  readonly farm?: FarmStage | undefined;
  readonly signal: AbortSignal;
  readonly recording?: Recording;
}

/**
 * Plays a demo. Whatever happens, no process it started and no temporary folder is left.
 * @throws LanesError (usage) if `dir` cannot be used; what the demo throws; the signal's reason.
 */
export async function playDemo(demo: Demo, options: PlayOptions): Promise<Played> {
  const dir = options.dir ?? temporary((parent) => uniqueFolder(joinPath(parent, `lanes-${demo.name}-`)));
  if (options.dir !== undefined) await prepareFolder(options.dir);
  const guard = options.dir === undefined ? new FolderGuard(dir) : undefined;
  using alias = folderAlias(dir);
  const recording = options.recording ?? new Recording();
  const stalled = new AbortController();
  const signal = AbortSignal.any([options.signal, stalled.signal]);
  const stage = new Stage(options.params, alias.path, recording, signal, options.farm);
  const watchdog = new StallWatchdog(recording, (error) => stalled.abort(error));
  try {
    // Two demos in one folder would take each other's files for their own.
    using _folder = options.dir === undefined ? undefined : claimFolder(dir);
    recording.emit({ type: "run" });
    const outcome = await stage.unlessLeft(demo.play(stage));
    stage.goOn();
    await stage.clear();
    const document: DemoDocument = {
      v: 1,
      demo: demo.name,
      params: options.params,
      ok: outcome.checks.every((check) => check.ok),
      elapsedMs: recording.elapsedMs,
      parent: { pid: process.pid, ppid: process.ppid },
      lanes: lanesOf(stage),
      result: outcome.result,
    };
    return { demo, document, outcome, recording };
  } catch (error) {
    // What went wrong first is what matters; that something could not be tidied up then is no news.
    await stage.clear().catch(() => {});
    throw error;
  } finally {
    watchdog.dispose();
    if (options.dir === undefined) await rm(systemPath(dir), { recursive: true, force: true });
    await guard?.end();
  }
}

/** Takes a folder for one demo at a time. @throws LanesError (usage) if another has it. */
function claimFolder(dir: string): LockHandle {
  const claimed = tryLock(joinPath(dir, "lanes-demo.lock"));
  if (claimed === null) throw usageError("error.dir.busy", { dir });
  return claimed;
}

async function prepareFolder(dir: string): Promise<void> {
  try {
    await mkdir(systemPath(dir), { recursive: true });
    if (!(await stat(systemPath(dir))).isDirectory()) throw usageError("error.dir.notFolder", { dir });
    await access(systemPath(dir), constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = errnoCode(error);
    if (code === undefined) throw error;
    if (code === "EEXIST" || code === "ENOTDIR") throw usageError("error.dir.notFolder", { dir }, error);
    throw usageError("error.dir.unusable", { dir, reason: code }, error);
  }
}

/** The stage's processes, then those that only the recording knows: processes that processes started. */
function lanesOf(stage: Stage): DocumentLane[] {
  const direct: DocumentLane[] = stage.processes
    .filter((process) => process.pid !== null)
    .map((process) => ({
      lane: process.name,
      pid: process.pid ?? 0,
      ppid: process.ppid ?? 0,
      exitCode: process.exitCode,
      signal: process.signal,
      ...process.times,
      cpuMs: process.usage?.cpuMs ?? null,
      maxRssKb: process.usage?.maxRssKb ?? null,
    }));
  const known = new Set(direct.map((lane) => lane.pid));
  const spawns = stage.recording.of("spawn");
  const exits = stage.recording.of("exit");
  const further = stage.recording.of("ready").filter((ready) => !known.has(ready.pid));
  return [
    ...direct,
    ...further.map((ready): DocumentLane => {
      const exit = exits.find((event) => event.pid === ready.pid);
      return {
        lane: ready.lane,
        pid: ready.pid,
        ppid: ready.ppid,
        exitCode: exit?.code ?? null,
        signal: exit?.signal ?? null,
        startMs: spawns.find((event) => event.pid === ready.pid)?.t ?? ready.t,
        readyMs: ready.t,
        endMs: exit?.t ?? null,
        cpuMs: null,
        maxRssKb: null,
      };
    }),
  ];
}
