/**
 * A Debian package: an `ar` archive of two tar archives. Written here and not by dpkg-deb, so that every machine makes the
 * same bytes; gzip and not xz, because every dpkg reads it. Nothing strips the executable: stripped, it is plain Bun.
 */
import { createHash } from "node:crypto";
import { type TarEntry, tarOf } from "../build/tar.ts";
import { gzipped } from "./compress.ts";
import { type Documents, executable, plain } from "./files.ts";
import { maintainer } from "./home.ts";

export interface DebianPackage {
  readonly version: string;
  readonly architecture: "amd64" | "arm64";
  readonly homepage: string;
  readonly lanes: Uint8Array;
  readonly documents: Documents;
  readonly epochSeconds: number;
}

/** As Debian calls it. */
export const debName = (version: string, architecture: string): string => `lanes_${version}_${architecture}.deb`;

/** The package's bytes. */
export function debOf(wanted: DebianPackage): Uint8Array {
  const { epochSeconds } = wanted;
  const data = contents(wanted);
  const control = [plain("./control", controlOf(wanted, data)), plain("./md5sums", sumsOf(data))];
  const members = [
    ["debian-binary", Buffer.from("2.0\n")],
    ["control.tar.gz", gzipped(tarOf(control, epochSeconds))],
    ["data.tar.gz", gzipped(tarOf([...data, ...foldersOf(data)], epochSeconds))],
  ] as const;
  return Buffer.concat([
    Buffer.from("!<arch>\n"),
    ...members.flatMap(([name, bytes]) => [
      Buffer.from(
        `${name.padEnd(16)}${String(epochSeconds).padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`,
      ),
      bytes,
      Buffer.from(bytes.length % 2 === 0 ? "" : "\n"),
    ]),
  ]);
}

function contents({ version, lanes, documents, homepage, epochSeconds }: DebianPackage): TarEntry[] {
  const { completions } = documents;
  const doc = "./usr/share/doc/lanes";
  return [
    executable("./usr/bin/lanes", lanes),
    plain("./usr/share/man/man1/lanes.1.gz", gzipped(documents.man)),
    plain("./usr/share/bash-completion/completions/lanes", completions.bash),
    plain("./usr/share/zsh/vendor-completions/_lanes", completions.zsh),
    plain("./usr/share/fish/vendor_completions.d/lanes.fish", completions.fish),
    plain(`${doc}/README.md`, documents.readme),
    plain(`${doc}/README.zh-CN.md`, documents.readmeChinese),
    ...documents.guides.map(({ name, data }) => plain(`${doc}/docs/${name}`, data)),
    plain(`${doc}/NEWS.gz`, gzipped(documents.changelog)),
    plain(`${doc}/THIRD-PARTY-NOTICES.gz`, gzipped(documents.notices)),
    plain(`${doc}/copyright`, copyrightOf(documents, homepage)),
    plain(
      `${doc}/changelog.gz`,
      gzipped(
        Buffer.from(
          `lanes (${version}) stable; urgency=medium\n\n  * See NEWS.gz.\n\n -- ${maintainer}  ${new Date(epochSeconds * 1e3).toUTCString().replace("GMT", "+0000")}\n`,
        ),
      ),
    ),
  ];
}

/** dpkg wants each folder to be in the archive, before what is in it. */
function foldersOf(entries: readonly TarEntry[]): TarEntry[] {
  const folders = new Set<string>();
  for (const { name } of entries)
    for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1)) folders.add(name.slice(0, at + 1));
  return [...folders].map((name) => ({ name, data: Buffer.of(), mode: 0o755 }));
}

function controlOf({ version, architecture, homepage }: DebianPackage, data: readonly TarEntry[]): string {
  const kilobytes = data.reduce((sum, entry) => sum + Math.ceil(entry.data.length / 1024), 0);
  return `Package: lanes
Version: ${version}
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.17)
Section: utils
Priority: optional
Homepage: ${homepage}
Description: see how processes share work, and run yours on every core
 Live demos of operating-system processes, and three commands for one's own
 work: commands on every core, a TypeScript function over many items, and a
 command under a lock file.
`;
}

function sumsOf(data: readonly TarEntry[]): string {
  const sum = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
  return data.map((entry) => `${sum(entry.data)}  ${entry.name.slice(2)}\n`).join("");
}

function copyrightOf({ license }: Documents, homepage: string): string {
  const text = Buffer.from(license).toString().trim();
  const holder = /^Copyright .*$/m.exec(text)?.[0] ?? "Copyright the lanes authors";
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: lanes
Source: ${homepage}
Comment: What is inside besides lanes itself, and its licences: THIRD-PARTY-NOTICES.gz
 beside this file, or the command lanes licenses.

Files: *
Copyright: ${holder.replace(/^Copyright (\(c\) )?/i, "")}
License: MIT
${text
  .split("\n")
  .map((line) => (line.trim() === "" ? " ." : ` ${line}`))
  .join("\n")}
`;
}
