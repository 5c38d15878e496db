/** `lanes demo NAME --runs N` and `--vs PARAM=VALUE`: a demo played several times, and what that comes to. */

import { styleOn } from "../../cli/audience.ts";
import type { Settings } from "../../cli/settings.ts";
import { type Stopper, stoppable } from "../../cli/stop.ts";
import { comparisonDocument, isOk } from "../../compare/document.ts";
import { changedParams, type PlayedComparison, playSeries, type SeriesOptions } from "../../compare/series.ts";
import type { Demo, Params } from "../../demos/define.ts";
import type { FarmStage } from "../../demos/stage.ts";
import { ExitCode } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { writeErr, writeOut } from "../../os/stdout.ts";
import type { SeriesProgress } from "../../recording/results/comparison.ts";
import { comparisonText, warningLines } from "../../show/compare.ts";
import { progressLines } from "../../show/compare-progress.ts";
import { LiveFrame } from "../../terminal/live-frame.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { changedBy } from "./change.ts";
import { drawsOnStderr, onStderr, whileDrawn } from "./watch.ts";

export interface ShowComparisonOptions {
  readonly params: Params;
  /** What to compare with, as it was typed; without it the runs are all of one kind. */
  readonly vs: string | undefined;
  readonly runs: number | undefined;
  readonly dir: string | undefined;
  readonly farm?: FarmStage | undefined;
  readonly json: boolean;
  readonly settings: Settings;
}

/**
 * Plays a demo several times and shows what came of it; what may have disturbed it is said on stderr.
 * @returns the exit code: 1 if a run's own check failed.
 * @throws LanesError (usage) before anything is started.
 */
export async function showComparison(demo: Demo, options: ShowComparisonOptions): Promise<number> {
  const { params, vs, runs, dir, farm, json, settings } = options;
  const variants = vs === undefined ? [params] : [params, changedBy(vs, demo, params)];
  return stoppable(async (stopper) => {
    const comparison = await playWatched(demo, { variants, runs, dir, farm }, stopper, {
      ...settings,
      quiet: settings.quiet || json,
    });
    if (json) writeOut(`${JSON.stringify(comparisonDocument(comparison))}\n`);
    else {
      writeOut(comparisonText(comparison, styleOn(1, settings), { brief: settings.quiet }));
      const warnings = settings.quiet ? [] : warningLines(comparison);
      for (const text of warnings) writeErr(`lanes: ${t("compare.warning", { text })}\n`);
    }
    return isOk(comparison.series) ? ExitCode.ok : ExitCode.failed;
  });
}

type Several = Omit<SeriesOptions, "signal" | "onProgress">;

/** Plays it with its progress on stderr, if a person sits there; otherwise silently. */
async function playWatched(
  demo: Demo,
  several: Several,
  stopper: Stopper,
  settings: Settings,
): Promise<PlayedComparison> {
  if (!drawsOnStderr(settings)) return playSeries(demo, { ...several, signal: stopper.signal });
  return onStderr(settings, stopper, (terminal) => playWithProgress(demo, several, stopper, terminal));
}

/**
 * Plays it with its progress drawn on the terminal, and taken away at the end.
 * @throws as `playSeries`; Left.
 */
export async function playWithProgress(
  demo: Demo,
  several: Several,
  stopper: Stopper,
  terminal: Terminal,
): Promise<PlayedComparison> {
  const { variants } = several;
  const [a = {}, b = a] = variants;
  const changed = changedParams(a, b);
  let progress: SeriesProgress = { times: variants.map(() => undefined), runs: several.runs };
  return whileDrawn(
    stopper,
    (keys) => {
      const lines = () => progressLines({ demo, variants, changed, progress }, terminal.style);
      return new LiveFrame({ terminal, keys, lines });
    },
    (signal) =>
      playSeries(demo, {
        ...several,
        signal,
        onProgress: (now) => {
          progress = now;
        },
      }),
  );
}
