/** What a release says of itself: the changelog's section of its version. */

/** @throws Error if CHANGELOG.md has no section for this version, or an empty one. */
export function notesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^(?=## )/m);
  const found = sections.find((section) => section.startsWith(`## [${version}]`));
  const text = found
    ?.split("\n")
    .slice(1)
    .join("\n")
    .replace(/^\[[^\]]+\]: .*$/gm, "")
    .trim();
  if (text === undefined || text === "") throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return `${text}\n`;
}
