/** What a person played, and how far they have come, as it is shown. */

/** A demo that a person played. */
export interface Play {
  /** Its name; one that this version does not know is possible. */
  readonly demo: string;
  /** When it ended: ms since 1970. */
  readonly at: number;
  readonly params: Readonly<Record<string, number | string>>;
  /** Whether its own checks held. */
  readonly ok: boolean;
  /** The choice the person predicted, if one was asked. */
  readonly predicted?: string | undefined;
  /** The choice that came true, if there was anything to predict. */
  readonly answer?: string | undefined;
  /** What was measured, in one line: a key of the message catalog and a value. */
  readonly fact?: { readonly label: string; readonly value: string } | undefined;
}

/** One demo of the course. */
export interface DemoProgress<N extends string = string> {
  readonly demo: N;
  readonly plays: number;
  /** Predictions that came true, and that did not. */
  readonly right: number;
  readonly wrong: number;
  /** The newest play. */
  readonly last: Play | undefined;
}
