/**
 * What is exported: a timeline and what is said about it. Made from a demo that was played, a run or a map (report-*.ts beside
 * this); the page shows all of it, the picture and the trace mostly the chart.
 */
import type { Picture } from "../recording/results/outcome.ts";
import type { Chart } from "./chart/chart.ts";

export interface Report {
  /** One line. */
  readonly title: string;
  /** What it was about, in a sentence; may be empty. */
  readonly summary: string;
  /** `procs 4`, `gap 2 ms`. */
  readonly params: readonly string[];
  /** Whether it did what it should; null if that cannot be said. */
  readonly ok: boolean | null;
  /** The same in words. */
  readonly verdict: string;
  /** When it was over; ms since the epoch. */
  readonly madeMs: number;
  readonly chart: Chart;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly checks: readonly { readonly text: string; readonly ok: boolean }[];
  /** Labelled paragraphs: what to watch, why it came out so. */
  readonly notes: readonly (readonly [label: string, text: string])[];
  readonly pictures: readonly Picture[];
  /** What went wrong, the first of it. */
  readonly failures: readonly { readonly what: string; readonly detail: string }[];
  /** Failures in all. */
  readonly failed: number;
  /** Commands to copy. */
  readonly commands: readonly (readonly [label: string, command: string])[];
  readonly code: readonly (readonly [label: string, text: string])[];
}
