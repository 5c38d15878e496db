/** Small statistics and their wording, shared by the demos. */

/** The middle value (mean of the two middle ones); NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** All of them together; 0 of nothing. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Rounded to a thousandth: the resolution of every number in the document. */
export function round(value: number): number {
  return Math.round(value * 1e3) / 1e3;
}

/** `412 ms`, `1.84 s`: short enough for a line, as exact as it means something. */
export function duration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1e3).toFixed(1)} s`;
  if (ms >= 1_000) return `${(ms / 1e3).toFixed(2)} s`;
  return ms >= 100 ? `${ms.toFixed(0)} ms` : `${ms.toPrecision(2)} ms`;
}
