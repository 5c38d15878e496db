/**
 * What a demo is. A demo starts real processes on a {@link Stage}, which records what they do, and returns what it
 * measured with its own checks. It never knows who is watching: commands wire it to views, and views find its words in
 * the message catalog by its name (`demo.NAME.title`, `.summary`, `.watch`, `.why`; `demo.NAME.fact.X`, `.check.X`). What
 * is said before the run (`.watch`) holds however it ends; `.why` is what usually happens, and an outcome may say another.
 */
import type { MessageKey } from "../i18n/index.ts";
import type { CodeMark } from "./code-marks.ts";
import type { Stage } from "./stage.ts";

/** A whole number a person may set: `--name N`. */
export interface NumberParam {
  readonly kind: "number";
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly unit?: "ms" | "bytes";
}

/** One of a few words a person may set: `--name WORD`. */
export interface ChoiceParam {
  readonly kind: "choice";
  readonly name: string;
  readonly values: readonly string[];
  readonly default: string;
}

/** A parameter; its words are `param.NAME` in the message catalog. */
export type Param = NumberParam | ChoiceParam;
export type Params = Readonly<Record<string, number | string>>;

/** Something measured, said in one line: a label from the catalog and a value that needs no translation. */
export interface Fact {
  readonly label: MessageKey;
  readonly value: string;
}

/** Something the demo promised to show, and whether this run's record shows it. */
export interface Check {
  readonly label: MessageKey;
  readonly ok: boolean;
}

/** A result as a picture: data, for any view to draw. Labels are names (P1, ipc, 2) or already translated text. */
export type Picture =
  | {
      readonly kind: "bars";
      readonly unit: string;
      readonly rows: readonly { readonly label: string; readonly value: number }[];
    }
  | {
      readonly kind: "curve";
      readonly xLabel: string;
      readonly yLabel: string;
      readonly points: readonly { readonly x: number; readonly y: number; readonly ideal?: number }[];
    }
  /** Parts of the recording, each on the same time axis: `fromMs` is where that part's time 0 is. */
  | {
      readonly kind: "timelines";
      readonly parts: readonly { readonly title: string; readonly fromMs: number; readonly toMs: number }[];
    }
  | { readonly kind: "table"; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** What came of a play. */
export interface Outcome<R extends object = object> {
  /** The document's `result`; docs/json.md lists its names. */
  readonly result: R;
  readonly facts: readonly Fact[];
  /** Which of the facts says it, where there is room for one; the first if this one is not among them. */
  readonly headline?: MessageKey;
  /** The demo is `ok` if all of them are. */
  readonly checks: readonly Check[];
  readonly pictures: readonly Picture[];
  /** Which of the prediction's choices came true. None if the parameters left nothing to predict. */
  readonly answer?: string;
  /** Why it came out so, where `demo.NAME.why` would explain what did not happen in this run. */
  readonly why?: MessageKey;
  /** What does the same to one's own work, where the demo's `command` would do what these parameters did not. */
  readonly command?: string;
  /** What to try next: the same demo with these parameters changed. */
  readonly suggestion: Params;
}

/** A question before the run: `demo.NAME.predict` with the parameters as values, and `demo.NAME.predict.CHOICE`. */
export interface Prediction {
  readonly choices: readonly string[];
}

/** The parameters of a demo that nobody has changed. */
export function defaultParams({ params }: Pick<Demo, "params">): Params {
  return Object.fromEntries(params.map((param) => [param.name, param.default]));
}

export interface Demo<R extends object = object> {
  /** Its name in the catalog, which says under which heading it stands. */
  readonly name: string;
  readonly params: readonly Param[];
  readonly prediction?: Prediction;
  /** The code that ran, from this very source, and the Python one would write. */
  readonly code: { readonly typescript: string; readonly python: string };
  /** From which line of the shown TypeScript an event comes: what a replay marks. Without it, it marks nothing. */
  readonly marks?: readonly CodeMark[];
  /** The command that does the same to one's own work: one line of shell that runs as it stands, in any folder. */
  readonly command: string;
  /**
   * What the live view shows beside the lanes: a shared value read from `write` events, and what it should reach.
   */
  readonly shared?: { readonly label: string; expected(params: Params): number };
  /**
   * What of a result is worth measuring several times and comparing, by name (`ipc.mbPerSecond`: of which, then what);
   * without it, the numbers that stand in the result itself. What is null was not measured.
   */
  measures?(result: R): Readonly<Record<string, number | null>>;
  /** Plays it. Throws LanesError when something it started failed; the stage is cleared either way. */
  play(stage: Stage): Promise<Outcome<R>>;
}
