/**
 * THIRD-PARTY-NOTICES: the licences of everything inside the executable. What is in the bundle is read from the bundler's
 * own account of it, what is in Bun from licenses/bun.json, which follows Bun's own list.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import bunParts from "../../licenses/bun.json" with { type: "json" };

export interface Package {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly license: string;
  readonly homepage: string | undefined;
  /** Its folder. */
  readonly folder: string;
}

/** A library inside Bun. */
export interface BunPart {
  readonly name: string;
  /** Version or commit, where Bun tells it. */
  readonly version: string | undefined;
  readonly spdx: string;
  readonly url: string;
  /** Files under licenses/. */
  readonly texts: readonly string[];
}

/** Packages whose types are inside, for those who write programs: a macro has read them, of which the bundler says nothing. (Bun's own are a part of Bun.) */
const TYPES = ["node_modules/@types/node", "node_modules/undici-types"];

/** The npm packages of which something is in the bundle, by name. `metafile` is the bundler's. */
export function packagesIn(metafile: { readonly inputs: Readonly<Record<string, unknown>> }, root: string): Package[] {
  const folders = new Set<string>(TYPES);
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found?.[1] !== undefined) folders.add(found[1]);
  }
  return [...folders].map((folder) => packageIn(join(root, folder))).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function packageIn(folder: string): Package {
  const json = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { name: json.name, version: json.version, license: json.license, homepage: json.homepage, folder };
}

/** What is linked into the Bun that runs this, with the versions it tells. */
export function partsOfBun(): BunPart[] {
  const versions: Readonly<Record<string, string | undefined>> = process.versions;
  return bunParts.linked.map(({ version, ...part }) => ({
    ...part,
    version: version === undefined ? undefined : versions[version],
  }));
}

/** The package's own licence file. @throws Error if it has none: its terms would be missing. */
function licenceOf({ name, folder }: Package): string {
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  if (file === undefined) throw new Error(`${name}: no licence file in ${folder}`);
  return readFileSync(join(folder, file), "utf8").trim();
}

/** How a package is headed in the notices. */
export const headingOf = ({ name, version, license }: Package): string => `${name} ${version} (${license})`;

const line = "=".repeat(78);
const chapter = (title: string) => `${line}\n${title}\n${line}`;
const section = (title: string, ...texts: string[]) => [title, "-".repeat(title.length), "", ...texts].join("\n");

/** The whole text. `root` is the checkout. */
export function noticesOf(packages: readonly Package[], root: string): string {
  const text = (file: string) => readFileSync(join(root, "licenses", file), "utf8").trim();
  const parts = partsOfBun();
  const common = [...new Set(parts.flatMap(({ texts }) => texts.filter((file) => file.startsWith("common/"))))].sort();
  const part = ({ name, version, spdx, url, texts }: BunPart) =>
    section(
      `${name}${version === undefined ? "" : ` ${version}`} (${spdx})`,
      [
        url,
        ...(spdx === "blessing" ? ["In the public domain: its authors disclaim copyright."] : []),
        ...texts.filter((file) => !file.startsWith("common/")).map((file) => `\n${text(file)}`),
        ...texts.filter((file) => file.startsWith("common/")).map((file) => `Its terms: ${titleOf(file)}, below.`),
      ].join("\n"),
    );
  return `${[
    `THIRD-PARTY NOTICES

The lanes executable is the program lanes (MIT, see the end of this introduction), the npm packages it is made with, and the
Bun runtime ${Bun.version} (commit ${Bun.revision}), into which JavaScriptCore and other libraries are linked. This file has
the terms of all of them, in this order.

LGPL. JavaScriptCore, WTF and parts of WebCore are under the GNU Lesser (Library) General Public License 2.0 or later, TinyCC
is under version 2.1 or later. You may change these libraries and put lanes together with your own:
  Bun's source        ${bunParts.source} at commit ${Bun.revision}
  WebKit's source     ${bunParts.webkitSource} at commit ${process.versions.webkit}
  TinyCC's source     https://github.com/oven-sh/tinycc at commit ${process.versions.tinycc}
  1. Build Bun with your changes, as its LICENSE.md and CONTRIBUTING.md say (\`bun run build:local\`).
  2. In a checkout of lanes: npm ci; npx bun scripts/build.ts --runtime PATH-OF-YOUR-BUN
lanes' own source is all of it, in the repository this build names by its commit (lanes --version).

lanes itself:

${readFileSync(join(root, "LICENSE"), "utf8").trim()}`,
    chapter("npm packages in the bundle"),
    ...packages.map((each) =>
      section(headingOf(each), ...(each.homepage === undefined ? [] : [each.homepage, ""]), licenceOf(each)),
    ),
    chapter("Linked into Bun"),
    section(
      `Bun ${Bun.version} (MIT)`,
      `${bunParts.source}\n\n${text("common/MIT.txt").replace("<copyright holders>", "The Bun authors")}`,
    ),
    ...parts.map(part),
    chapter("JavaScript that Bun carries for modules of Node.js"),
    ...bunParts.polyfills.map((name) => section(`${name} (MIT)`, text(`polyfills/${name}.txt`))),
    chapter("Licences that several of the above share"),
    ...common.map((file) => section(titleOf(file), text(file))),
  ].join("\n\n")}\n`;
}

const titleOf = (file: string): string => file.replace(/^common\/|\.txt$/g, "");
