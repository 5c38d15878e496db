/**
 * What a demo is. A demo starts real processes on a {@link Stage}, which records what they do, and returns what it
 * measured with its own checks. It never knows who is watching: commands wire it to views, and views find its words in
 * the message catalog by its name (`demo.NAME.title`, `.summary`, `.watch`, `.why`; `demo.NAME.fact.X`, `.check.X`). What
 * is said before the run (`.watch`) holds however it ends; `.why` is what usually happens, and an outcome may say another.
 */
import type { Params, ShownDemo } from "../recording/results/demo.ts";
import type { Told } from "../recording/results/outcome.ts";
import type { CodeMark } from "./code-marks.ts";
import type { Stage } from "./stage.ts";

export type { NumberParam, Param, Params } from "../recording/results/demo.ts";
export type { Check, Fact, Picture } from "../recording/results/outcome.ts";

/** What came of a play: the document's `result` (docs/json.md lists its names), and what is told of it. */
export interface DemoOutcome<R extends object = object> extends Told {
  readonly result: R;
}

/** A question before the run: `demo.NAME.predict` with the parameters as values, and `demo.NAME.predict.CHOICE`. */
export interface Prediction {
  readonly choices: readonly string[];
}

/** The parameters of a demo that nobody has changed. */
export function defaultParams({ params }: Pick<Demo, "params">): Params {
  return Object.fromEntries(params.map((param) => [param.name, param.default]));
}

export interface Demo<R extends object = object> extends ShownDemo {
  readonly prediction?: Prediction;
  /** It can be played in a farm as well (`--on`): the stage then says which. */
  readonly onFarm?: boolean;
  /** From which line of the shown TypeScript an event comes: what a replay marks. Without it, it marks nothing. */
  readonly marks?: readonly CodeMark[];
  /**
   * What of a result is worth measuring several times and comparing, by name (`ipc.mbPerSecond`: of which, then what);
   * without it, the numbers that stand in the result itself. What is null was not measured.
   */
  measures?(result: R): Readonly<Record<string, number | null>>;
  /** Plays it. Throws LanesError when something it started failed; the stage is cleared either way. */
  play(stage: Stage): Promise<DemoOutcome<R>>;
}
