/** Demo `exchange`'s rates, and why the media came in that order. */
import type { MessageKey } from "../../i18n/phrase.ts";
import { toThousandth } from "../../os/units.ts";
import type { MediumName } from "./media.ts";
import type { MessageLoad } from "./payload.ts";

/** A load that went through a medium. */
export interface Passage extends MessageLoad {
  readonly medium: MediumName;
  /** It arrived whole and in order. */
  readonly ok: boolean;
  readonly ms: number;
}

export interface MediumResult {
  readonly name: MediumName;
  readonly ok: boolean;
  /** Of the small messages. */
  readonly messagesPerSecond: number;
  /** Of the large messages, the best of several passages; a megabyte is 1,000,000 bytes. */
  readonly mbPerSecond: number;
  readonly small: MessageLoad & { readonly ms: number };
  readonly large: MessageLoad & { readonly ms: number };
}

/** What came of one medium. @param passages of all: of each the small messages once, then the large ones, once or more. */
export function resultOf(name: MediumName, passages: readonly Passage[]): MediumResult {
  const [small, ...large] = passages.filter(({ medium }) => medium === name);
  const best = large.toSorted((a, b) => a.ms - b.ms)[0];
  if (small === undefined || best === undefined) throw new Error(`no passage through ${name}`);
  return {
    name,
    ok: [small, ...large].every(({ ok }) => ok),
    messagesPerSecond: toThousandth((small.messages / small.ms) * 1e3),
    mbPerSecond: toThousandth((best.messages * best.bytes) / best.ms / 1e3),
    small: { messages: small.messages, bytes: small.bytes, ms: toThousandth(small.ms) },
    large: { messages: best.messages, bytes: best.bytes, ms: toThousandth(best.ms) },
  };
}

/** Where the first is not faster by this share than the second, the next run may well have another winner. */
const CLOSE = 0.15;

/** Whether one rate leaves all others behind. */
export function isClearlyFastest(rates: readonly number[]): boolean {
  const [first = 0, second = 0] = [...rates].sort((a, b) => b - a);
  return first > second * (1 + CLOSE);
}

/** Why the large messages came in the order in which they did, where it is not what one would expect of shared memory. */
export function exchangeWhy(results: readonly Pick<MediumResult, "name" | "mbPerSecond">[]): {
  readonly why?: MessageKey;
} {
  if (!isClearlyFastest(results.map(({ mbPerSecond }) => mbPerSecond))) return { why: "demo.exchange.why.close" };
  const [first] = results.toSorted((a, b) => b.mbPerSecond - a.mbPerSecond);
  return first?.name === "shared-memory" ? {} : { why: "demo.exchange.why.new" };
}
