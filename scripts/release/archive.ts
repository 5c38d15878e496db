/** The archive people and download tools take: one folder, named as the archive, with everything in it. */

import { tarOf } from "../build/tar.ts";
import type { Target } from "../build/targets.ts";
import { gzipped } from "./compress.ts";
import { type Documents, executable, plain } from "./files.ts";

/** As download tools guess it. */
export const archiveName = (version: string, target: Target): string => `lanes-${version}-${target.triple}.tar.gz`;

/** The archive's bytes. */
export function archiveOf(
  version: string,
  target: Target,
  lanes: Uint8Array,
  documents: Documents,
  epochSeconds: number,
): Uint8Array {
  const folder = archiveName(version, target).replace(/\.tar\.gz$/, "");
  const { completions } = documents;
  const entries = [
    executable("lanes", lanes),
    plain("README.md", documents.readme),
    plain("README.zh-CN.md", documents.readmeChinese),
    ...documents.guides.map(({ name, data }) => plain(`docs/${name}`, data)),
    plain("CHANGELOG.md", documents.changelog),
    plain("LICENSE", documents.license),
    plain("THIRD-PARTY-NOTICES", documents.notices),
    plain("man/lanes.1", documents.man),
    plain("completions/lanes.bash", completions.bash),
    plain("completions/_lanes", completions.zsh),
    plain("completions/lanes.fish", completions.fish),
  ];
  const inFolder = entries.map((entry) => ({ ...entry, name: `${folder}/${entry.name}` }));
  return gzipped(tarOf(inFolder, epochSeconds));
}
