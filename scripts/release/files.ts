/** What lies beside the executable in every package. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TarEntry } from "../build/tar.ts";

export interface Documents {
  readonly readme: Uint8Array;
  readonly readmeChinese: Uint8Array;
  /** The pages of docs/ that the READMEs lead to. */
  readonly guides: readonly { readonly name: string; readonly data: Uint8Array }[];
  readonly changelog: Uint8Array;
  readonly license: Uint8Array;
  readonly notices: Uint8Array;
  readonly man: Uint8Array;
  readonly completions: { readonly bash: Uint8Array; readonly zsh: Uint8Array; readonly fish: Uint8Array };
}

/** Reads and makes them. Man page and completions are what lanes prints: of this checkout, in English, whoever asks. */
export function documentsOf(root: string): Documents {
  const file = (name: string) => readFileSync(join(root, name));
  const printed = (...args: string[]): Uint8Array => {
    const env = { PATH: process.env.PATH ?? "", LANES_LANG: "en" };
    const done = Bun.spawnSync([process.execPath, join(root, "src", "main.ts"), ...args], { env, cwd: root });
    if (done.exitCode !== 0) throw new Error(`lanes ${args.join(" ")}: ${done.stderr.toString().trim()}`);
    return done.stdout;
  };
  return {
    readme: file("README.md"),
    readmeChinese: file("README.zh-CN.md"),
    guides: readdirSync(join(root, "docs"))
      .filter((name) => name.endsWith(".md"))
      .sort()
      .map((name) => ({ name, data: file(join("docs", name)) })),
    changelog: file("CHANGELOG.md"),
    license: file("LICENSE"),
    notices: file("THIRD-PARTY-NOTICES"),
    man: printed("man"),
    completions: {
      bash: printed("completions", "bash"),
      zsh: printed("completions", "zsh"),
      fish: printed("completions", "fish"),
    },
  };
}

/** A file that everybody may read. */
export const plain = (name: string, data: Uint8Array | string): TarEntry => ({
  name,
  data: typeof data === "string" ? Buffer.from(data) : data,
  mode: 0o644,
});

/** A file that everybody may execute. */
export const executable = (name: string, data: Uint8Array): TarEntry => ({ name, data, mode: 0o755 });
