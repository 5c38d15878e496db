/** Round moments on an axis of time, and how they are written. Imports nothing: the exported page carries this file too. */

export interface Tick {
  readonly ms: number;
  readonly label: string;
}

/** Ticks from 0 to `endMs`, about `wanted` of them, all in one unit. */
export function ticks(endMs: number, wanted: number): Tick[] {
  const step = roundStep(endMs / Math.max(1, wanted));
  const [unit, unitMs] = endMs >= 120_000 ? ["min", 60_000] : endMs >= 2_000 ? ["s", 1_000] : ["ms", 1];
  const stepInUnit = unit === "min" ? roundStep(step / unitMs) : step / unitMs;
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(stepInUnit) + 1e-9)));
  const found: Tick[] = [];
  for (let i = 0; i * stepInUnit * unitMs <= endMs * (1 + 1e-9); i++) {
    found.push({ ms: i * stepInUnit * unitMs, label: `${(i * stepInUnit).toFixed(digits)} ${unit}` });
  }
  return found;
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-6)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9)) ?? power * 10;
}

/** A moment or a span as exactly as it is known, to a µs: `12.345 ms`, `1.2345 s`. */
export function momentText(ms: number): string {
  const [value, unit, digits] =
    ms < 1_000 ? ([ms, "ms", 3] as const) : ([ms / 1e3, "s", ms < 100_000 ? 4 : 1] as const);
  return `${Number(value.toFixed(digits))} ${unit}`;
}
