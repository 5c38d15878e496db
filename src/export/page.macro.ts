/**
 * The page's script and style sheet, from the source files in page/. A macro: it runs while the program is bundled (or, from
 * source, while the importing file is transpiled), and the texts become constants. https://bun.com/docs/bundler/macros
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** JavaScript for a browser: the files in the order of their imports, types, imports and exports taken away. */
export function pageScript(): string {
  const source = ["../show/ticks.ts", "page/lookup.ts", "page/slider.ts", "page/page.ts"]
    .map((file) => readFileSync(join(import.meta.dir, file), "utf8"))
    .join("\n")
    .replace(/^import [^;]*;$/gm, "")
    .replace(/^export /gm, "");
  const script = new Bun.Transpiler({ loader: "ts", target: "browser", minifyWhitespace: true }).transformSync(source);
  if (/<\/script|<!--/i.test(script)) throw new Error("src/export/page would end its own element");
  // A scope of its own; and nothing runs before the whole page is there.
  return `"use strict";(()=>{${script}})();`;
}

/** The style sheet, without comments and white space. */
export function pageStyle(): string {
  return readFileSync(join(import.meta.dir, "page", "page.css"), "utf8")
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .trim();
}
