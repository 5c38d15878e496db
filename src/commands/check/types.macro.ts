/**
 * The types that a program's checker and editor need: those of lanes, of Bun, of Node.js. A macro: it runs while the program is
 * bundled (or, from source, while the importing file is transpiled). https://bun.com/docs/bundler/macros
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../../..");

/** What lies where below the folder `types`. */
const packages = { bun: "bun-types", node: "@types/node", "undici-types": "undici-types" };

/** Files by their path below `types`: JSON, compressed with zstd, in base64. */
export function packedTypes(): string {
  const files: Record<string, string> = { "lanes.d.ts": readFileSync(join(root, "src/api/lanes.d.ts"), "utf8") };
  for (const [name, from] of Object.entries(packages)) {
    const folder = join(root, "node_modules", from);
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      const kept = /\.d\.[mc]?ts$/.test(file) || file === "package.json" || /^licen[cs]e/i.test(file);
      if (kept && !/^(docs|vendor)\//.test(file)) files[`${name}/${file}`] = readFileSync(join(folder, file), "utf8");
    }
  }
  return Buffer.from(Bun.zstdCompressSync(JSON.stringify(files), { level: 19 })).toString("base64");
}
