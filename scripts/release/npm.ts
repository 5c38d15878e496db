/**
 * The npm packages: `lanes`, which people name, and one a platform with the executable, of which npm installs the one that
 * fits. `lanes` also has the library for TypeScript programs that plain Bun runs, as its `exports`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type LibraryFile, libraryExports } from "../build/library.ts";
import { type TarEntry, tarOf } from "../build/tar.ts";
import type { Target } from "../build/targets.ts";
import { gzipped } from "./compress.ts";
import { type Documents, executable, plain } from "./files.ts";
import { npmScope } from "./home.ts";

interface Common {
  readonly version: string;
  readonly homepage: string;
  readonly documents: Documents;
  readonly epochSeconds: number;
}

const platformPackage = (target: Target): string => `${npmScope}/${target.name}`;

/** The file name `npm pack` would give it. */
const tarballName = (name: string, version: string): string =>
  `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;

export interface NpmTarball {
  readonly name: string;
  readonly data: Uint8Array;
}

function tarball(name: string, { version, epochSeconds }: Common, entries: readonly TarEntry[]): NpmTarball {
  const inFolder = entries.map((entry) => ({ ...entry, name: `package/${entry.name}` }));
  return { name: tarballName(name, version), data: gzipped(tarOf(inFolder, epochSeconds)) };
}

const json = (value: unknown): TarEntry => plain("package.json", `${JSON.stringify(value, null, 2)}\n`);

/** What all of them say of themselves. */
const about = ({ version, homepage }: Common) => ({
  version,
  license: "MIT",
  homepage,
  repository: { type: "git", url: `git+${homepage}.git` },
});

/** The package of one platform's executable. */
export function npmPlatform(target: Target, lanes: Uint8Array, common: Common): NpmTarball {
  const name = platformPackage(target);
  const { documents } = common;
  return tarball(name, common, [
    json({
      name,
      description: `the executable of lanes for ${target.name}`,
      ...about(common),
      os: [target.os],
      cpu: [target.cpu],
      ...(target.libc === undefined ? {} : { libc: [target.libc] }),
      files: ["bin"],
      preferUnplugged: true,
    }),
    executable("bin/lanes", lanes),
    plain("README.md", `# ${name}\n\nThe executable of [lanes](${common.homepage}): install \`lanes\` and not this.\n`),
    plain("LICENSE", documents.license),
    plain("THIRD-PARTY-NOTICES", documents.notices),
  ]);
}

/** The package people name. `description` is the project's. */
export function npmMain(
  targets: readonly Target[],
  description: string,
  library: readonly LibraryFile[],
  common: Common,
): NpmTarball {
  const { documents, version } = common;
  const script = (name: string) => readFileSync(join(import.meta.dir, "npm", name));
  return tarball("lanes", common, [
    json({
      name: "lanes",
      description,
      keywords: ["parallel", "multiprocessing", "processes", "lock", "mutex", "flock", "worker", "cli"],
      ...about(common),
      bin: { lanes: "bin/lanes" },
      man: ["man/lanes.1"],
      exports: { ".": libraryExports, "./package.json": "./package.json" },
      engines: { node: ">=18" },
      scripts: { postinstall: "node install.cjs" },
      files: ["bin", "lib", "man", "install.cjs", "platform.cjs", "THIRD-PARTY-NOTICES"],
      optionalDependencies: Object.fromEntries(targets.map((target) => [platformPackage(target), version])),
      lanes: { scope: npmScope },
    }),
    executable("bin/lanes", Buffer.from(script("bin/lanes").toString().replaceAll("@SCOPE@", npmScope))),
    ...library.map(({ name, data }) => plain(`lib/${name}`, data)),
    plain("install.cjs", script("install.cjs")),
    plain("platform.cjs", script("platform.cjs")),
    plain("man/lanes.1", documents.man),
    plain("README.md", documents.readme),
    plain("LICENSE", documents.license),
    plain("THIRD-PARTY-NOTICES", documents.notices),
  ]);
}
