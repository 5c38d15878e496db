/** What the executables are made of, as a CycloneDX document: the bundler's account and Bun's own list, no guess. */
import { createHash } from "node:crypto";
import { headingOf, type Package, partsOfBun } from "../build/notices.ts";

/** The document. Its number and time come from its content and the commit: made again, it is the same. */
export function sbomOf(version: string, commit: string, packages: readonly Package[], epochSeconds: number): string {
  const bun = `pkg:github/oven-sh/bun@${Bun.revision}`;
  const lanes = `pkg:npm/lanes@${version}`;
  const npm = packages.map((each) => ({
    type: "library",
    "bom-ref": purlOf(each),
    name: each.name,
    version: each.version,
    licenses: [{ license: { id: each.license } }],
    purl: purlOf(each),
  }));
  const linked = partsOfBun().map((part) => ({
    type: "library",
    "bom-ref": `bun:${part.name}`,
    name: part.name,
    ...(part.version === undefined ? {} : { version: part.version }),
    licenses: [{ expression: part.spdx }],
    externalReferences: [{ type: "website", url: part.url }],
  }));
  const content = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: new Date(epochSeconds * 1e3).toISOString(),
      component: {
        type: "application",
        "bom-ref": lanes,
        name: "lanes",
        version,
        licenses: [{ license: { id: "MIT" } }],
        properties: [{ name: "commit", value: commit }],
      },
    },
    components: [
      ...npm,
      {
        type: "framework",
        "bom-ref": bun,
        name: "bun",
        version: Bun.version,
        licenses: [{ license: { id: "MIT" } }],
        purl: bun,
      },
      ...linked,
    ],
    dependencies: [
      { ref: lanes, dependsOn: [bun, ...npm.map((each) => each["bom-ref"])] },
      { ref: bun, dependsOn: linked.map((each) => each["bom-ref"]) },
    ],
  };
  const hash = createHash("sha256")
    .update(JSON.stringify(content))
    .update(packages.map(headingOf).join())
    .digest("hex");
  const uuid = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  return `${JSON.stringify({ ...content, serialNumber: `urn:uuid:${uuid}` }, null, 2)}\n`;
}

const purlOf = ({ name, version }: Package): string => `pkg:npm/${name.replace("@", "%40")}@${version}`;
