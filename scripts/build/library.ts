/**
 * The library of the npm package: what `import … from "lanes"` gives in plain Bun. A bundle of its own, not shortened: users see
 * its names in what is printed. Its entry points are the library, what its processes begin with, and its threads.
 */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { BunPlugin } from "bun";
import pkg from "../../package.json" with { type: "json" };

const entries = [
  "api/library.ts",
  "api/program/library-child.ts",
  "api/program/thread.ts",
  "memory/hub/thread.ts",
  "lock/wait/thread.ts",
];

/** In Node.js, which has no shared memory between processes. */
const onlyBun = `throw new Error('the library "lanes" needs Bun: run this program with bun (https://bun.sh), or with lanes exec');\n`;

export interface LibraryFile {
  /** Its path in the package's folder `lib`. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** Its paths in the package, for `exports`. */
export const libraryExports = {
  types: "./lib/lanes.d.ts",
  bun: "./lib/api/library.js",
  default: "./lib/only-bun.js",
} as const;

/** Makes it; the same bytes from the same sources. @param plugins for tests: what changes the sources. @throws Error if they do not compile. */
export async function libraryOf(root: string, commit: string, plugins: BunPlugin[] = []): Promise<LibraryFile[]> {
  process.chdir(root);
  const src = join(root, "src");
  const result = await Bun.build({
    entrypoints: entries.map((name) => join(src, name)),
    root: src,
    target: "bun",
    format: "esm",
    splitting: true,
    plugins,
    minify: { whitespace: true, syntax: true },
    // Chunks at the top: from there the others are found (src/os/files/own-files.ts).
    naming: { entry: "[dir]/[name].[ext]", chunk: "chunk-[hash].[ext]" },
    define: {
      LANES_VERSION: JSON.stringify(pkg.version),
      LANES_COMMIT: JSON.stringify(commit),
      LANES_LIBRARY: JSON.stringify("npm"),
    },
  });
  if (!result.success) throw new Error(result.logs.map(String).join("\n"));
  const made = result.outputs.map(async (file) => ({
    name: relative(".", file.path),
    data: new Uint8Array(await file.arrayBuffer()),
  }));
  const files = [
    ...(await Promise.all(made)),
    { name: "lanes.d.ts", data: readFileSync(join(src, "api", "lanes.d.ts")) },
    { name: "only-bun.js", data: Buffer.from(onlyBun) },
  ];
  return files.sort((one, other) => (one.name < other.name ? -1 : 1));
}
