/** Amounts as options give them: durations, sizes, how many jobs at once. Each takes what its help says and nothing else. */
import { t } from "../i18n/index.ts";
import { invalid } from "./values.ts";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, sec: 1e3, m: 6e4, min: 6e4, h: 36e5, d: 864e5 };
const SIZE_POWERS = "kmgtp";
/** The most jobs at once; more than any machine has processes for. */
export const JOBS_LIMIT = 100_000;

/** `1.5`, `10s`, `500ms`, `2m`, `1h30m`, `1d` → ms. @throws LanesError (usage). */
export function parseDuration(option: string, value: string): number {
  const ms = durationMs(value);
  if (ms === null || ms > 1e12) throw invalid(option, value, t("run.expected.duration"));
  return ms;
}

/** A duration, or a share (`150%` → 1.5): of the median job. `0`: null, as long as it likes. @throws LanesError (usage). */
export function parseTimeout(
  option: string,
  value: string,
): { readonly ms: number } | { readonly share: number } | null {
  const percent = /^(\d{1,7}(?:\.\d{1,6})?)%$/.exec(value)?.[1];
  const share = Number(percent) / 100;
  const ms = percent === undefined ? durationMs(value) : null;
  if (ms === 0) return null;
  if (ms !== null && ms <= 1e12) return { ms };
  if (percent !== undefined && share > 0) return { share };
  throw invalid(option, value, t("run.expected.timeout"));
}

function durationMs(value: string): number | null {
  if (/^\d{1,12}(\.\d{1,9})?$|^\.\d{1,9}$/.test(value)) return Number(value) * 1e3;
  if (!/^(\d{1,12}(\.\d{1,9})?(ms|sec|s|min|m|h|d))+$/.test(value)) return null;
  let ms = 0;
  for (const [, number, unit = ""] of value.matchAll(/([\d.]+)(ms|sec|s|min|m|h|d)/g))
    ms += Number(number) * (UNIT_MS[unit] ?? 0);
  return ms;
}

/**
 * `500`, `512k`, `1G`: powers of 1024 (K M G T P), of 1000 if small (k m g t p), as GNU parallel counts; with `iB` of 1024,
 * with `B` of 1000, as dd(1). → bytes.
 * @param whole what `10%` is a share of, where that means something.
 * @throws LanesError (usage).
 */
export function parseSize(option: string, value: string, whole?: () => number): number {
  const [, percent] = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(value) ?? [];
  if (whole !== undefined && percent !== undefined && Number(percent) <= 100) return (whole() * Number(percent)) / 100;
  const [, number, unit = "", bytes] = /^(\d{1,15}(?:\.\d{1,6})?)(?:([kmgtpKMGTP])(i?B)?|B?)$/.exec(value) ?? [];
  if (number === undefined)
    throw invalid(option, value, t(whole === undefined ? "run.expected.size" : "run.expected.memory"));
  const power = SIZE_POWERS.indexOf(unit.toLowerCase()) + 1;
  const thousands = bytes === "B" || (bytes === undefined && unit === unit.toLowerCase());
  return Number(number) * (thousands ? 1000 : 1024) ** (unit === "" ? 0 : power);
}

/**
 * `N`, `N%` of the cores, `+N` more or `-N` fewer than the cores (at least 1), `0`: as many as possible.
 * @throws LanesError (usage).
 */
export function parseJobs(option: string, value: string, cores: () => number): number {
  const [, sign, number, percent] = /^([+-]?)(\d{1,6}|\d{1,6}\.\d{1,6}(?=%))(%?)$/.exec(value) ?? [];
  const count = Number(number);
  if (number === undefined || (percent === "%" && (sign !== "" || count === 0)) || count > JOBS_LIMIT) {
    throw invalid(option, value, t("run.expected.jobs", { limit: JOBS_LIMIT }));
  }
  if (sign === "+") return Math.min(JOBS_LIMIT, cores() + count);
  if (sign === "-") return Math.max(1, cores() - count);
  if (percent === "%") return Math.min(JOBS_LIMIT, Math.max(1, Math.floor((cores() * count) / 100)));
  return count === 0 ? JOBS_LIMIT : count;
}

/** `1.5`, or `N%` of the cores. @throws LanesError (usage). */
export function parseLoad(option: string, value: string, cores: () => number): number {
  const [, number, percent] = /^(\d{1,6}(?:\.\d{1,6})?)(%?)$/.exec(value) ?? [];
  if (number === undefined || Number(number) === 0) throw invalid(option, value, t("run.expected.load"));
  return percent === "%" ? (cores() * Number(number)) / 100 : Number(number);
}
