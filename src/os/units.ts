/** How a duration, a size, a count, a share is written: the one way, the same in every language. */

/**
 * A duration in ms as people read it: `0.42 ms`, `4.2 ms`, `412 ms`, `1.84 s`, `59.4 s`, `3 min 20 s`, `2 h 5 min`. As exact as it
 * means something; `–` for what is no number.
 */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  const seconds = Math.round(ms / 1e3);
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (ms >= 10_000) return `${(ms / 1e3).toFixed(1)} s`;
  if (ms >= 1_000) return `${(ms / 1e3).toFixed(2)} s`;
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  return ms >= 1 || ms <= 0 ? `${ms.toFixed(1)} ms` : `${Number(ms.toPrecision(2))} ms`;
}

/** A number in few characters: whole ones whole, with thousands apart; others to about three digits. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  const text =
    Number.isInteger(value) || size >= 1000 ? value.toFixed(0) : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return text.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A size in bytes: `512 KiB`, `12 MiB`, `1.5 GiB`. */
export function sizeText(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return bytes >= 2 ** 20 ? `${(bytes / 2 ** 20).toFixed(0)} MiB` : `${(bytes / 2 ** 10).toFixed(0)} KiB`;
}

/** A share of 1: `4.2 %`, `42 %`. Below a tenth one more digit, but for none at all. */
export function percentText(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

/** Rounded to a thousandth: the resolution of every number in a document (of ms: a microsecond). */
export function toThousandth(value: number): number {
  return Math.round(value * 1e3) / 1e3;
}
