/** The systems lanes is built for: what each is called by Bun, by npm, by Rust's triples (which download tools guess) and by Debian. */

export interface Target {
  /** In our own words, as folders and npm packages are called: `linux-x64-musl`. */
  readonly name: string;
  /** In Bun's: `bun-linux-x64-musl`. */
  readonly bun: Bun.Build.CompileTarget;
  /** The npm package of Bun's executable for it, without its scope. */
  readonly runtime: string;
  /** As archives are called: `x86_64-unknown-linux-musl`. */
  readonly triple: string;
  readonly os: "linux" | "darwin";
  readonly cpu: "x64" | "arm64";
  /** As npm's package.json calls it; of Linux only. */
  readonly libc?: "glibc" | "musl";
  /** Debian's architecture, where there is a .deb. */
  readonly deb?: "amd64" | "arm64";
}

export const targets: readonly Target[] = (["x64", "arm64"] as const).flatMap((cpu) => {
  const machine = cpu === "x64" ? "x86_64" : "aarch64";
  const bunCpu = cpu === "x64" ? "x64" : "aarch64";
  return [
    {
      name: `linux-${cpu}`,
      bun: `bun-linux-${cpu}`,
      runtime: `bun-linux-${bunCpu}`,
      triple: `${machine}-unknown-linux-gnu`,
      os: "linux",
      cpu,
      libc: "glibc",
      deb: cpu === "x64" ? "amd64" : "arm64",
    },
    {
      name: `linux-${cpu}-musl`,
      bun: `bun-linux-${cpu}-musl`,
      runtime: `bun-linux-${bunCpu}-musl`,
      triple: `${machine}-unknown-linux-musl`,
      os: "linux",
      cpu,
      libc: "musl",
    },
    {
      name: `darwin-${cpu}`,
      bun: `bun-darwin-${cpu}`,
      runtime: `bun-darwin-${bunCpu}`,
      triple: `${machine}-apple-darwin`,
      os: "darwin",
      cpu,
    },
  ] as const;
});

/** Their names, for a message. */
const names = targets.map(({ name }) => name).join(", ");

/** The target of that name, with or without `bun-` before it. @throws Error that says which there are. */
export function targetNamed(word: string): Target {
  const name = word.replace(/^bun-/, "");
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  if (/windows|win32/.test(name))
    throw new Error(`there is no lanes for Windows (${word}): in WSL 2 use linux-x64 or linux-arm64`);
  if (/-(baseline|modern)$/.test(name))
    throw new Error(`${word}: Bun has one build for each of ${names}; leave ${name.replace(/.*-/, "-")} away`);
  throw new Error(`unknown target ${JSON.stringify(word)}; there are: ${names}`);
}

/** The target this very program runs on. `interpreter` is the beginning of its executable, which names the loader. */
export function hostTarget(interpreter: string): Target {
  const musl = interpreter.includes("/ld-musl-") ? "-musl" : "";
  return targetNamed(`${process.platform}-${process.arch}${musl}`);
}
