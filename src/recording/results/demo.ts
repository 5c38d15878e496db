/** What of a demo is shown, live, as text and exported: its parameters, its code, what its processes share. */
import type { EventType, LaneEvent } from "../event.ts";

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

/** What they are set to. */
export type Params = Readonly<Record<string, number | string>>;

export interface ShownDemo {
  /** Its name in the catalog, which says under which heading it stands. */
  readonly name: string;
  readonly params: readonly Param[];
  /** The code that ran, from this very source, and the programs one would write: program.ts in this folder says more of them. */
  readonly code: {
    readonly typescript: string;
    readonly python: string;
    /** In TypeScript, for `lanes exec`. */
    readonly program: string;
  };
  /** The command that does the same to one's own work: one line of shell that runs as it stands, in any folder. */
  readonly command: string;
  /**
   * What the live view shows beside the lanes: a shared value read from `write` events, and what it should reach.
   */
  readonly shared?: { readonly label: string; expected(params: Params): number };
}

/** A demo's shown code, and what tells the line of an event. */
export interface MarkedCode {
  readonly lines: readonly string[];
  /** The index of its line; null: none that is shown; undefined: no mark says. `after`: its lane's event before it; `held`: how many locks its lane held before it. */
  lineOf(event: LaneEvent, after: EventType | undefined, held: number): number | null | undefined;
}
