/** The types of lanes, Bun and Node.js, out of the executable into a folder. */
import { mkdirSync, writeFileSync } from "node:fs";
import { folderPath, joinPath, systemPath } from "../../os/bytes/paths.ts";
import { packedTypes } from "./types.macro.ts" with { type: "macro" };

const packed = packedTypes();

/** Writes them below `folder`. @throws what the system says. */
export function writeTypes(folder: string): void {
  const json = Buffer.from(Bun.zstdDecompressSync(Buffer.from(packed, "base64"))).toString();
  const made = new Set<string>();
  for (const [name, text] of Object.entries(JSON.parse(json) as Record<string, string>)) {
    const file = joinPath(folder, name);
    const parent = folderPath(file);
    if (!made.has(parent)) mkdirSync(systemPath(parent), { recursive: true });
    made.add(parent);
    writeFileSync(systemPath(file), text);
  }
}

/** How a program is checked that has no tsconfig.json of its own. `types`: the folder with the types. */
export function standardOptions(types: string): Record<string, unknown> {
  return {
    target: "ESNext",
    module: "Preserve",
    lib: ["ESNext"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    // A program may be JavaScript. What it is given is looked at, not how it is written.
    allowJs: true,
    typeRoots: [types],
    types: ["bun", "node"],
    paths: { "undici-types": [`${types}/undici-types/index.d.ts`], "bun-types": [`${types}/bun/index.d.ts`] },
  };
}
