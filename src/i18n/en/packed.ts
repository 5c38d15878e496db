import { packedWords } from "../packed.macro.ts" with { type: "macro" };
import type { Packed } from "../packed.ts";

/** @lazy Loaded when a word is said (i18n/index.ts). */
export const packed: Packed = packedWords("en");
