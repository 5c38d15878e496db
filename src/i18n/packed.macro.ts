/** The words of a language as they are put into the executable. A macro: it runs while the program is bundled. https://bun.com/docs/bundler/macros */
import { en } from "./en/index.ts";
import { type Packed, pack } from "./packed.ts";
import { zh } from "./zh/index.ts";

export function packedWords(language: "en" | "zh"): Packed {
  return pack(language === "zh" ? zh : en);
}
