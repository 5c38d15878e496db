/** Ways through the menu, by what is on the screen: wherever an entry stands. */

import { Keys, type Pty } from "./pty.ts";
import { until } from "./wait.ts";

const asked = /[◆*] {2}(What next\?|接下来？)/;
const more = /(Enter goes on|Enter 继续)$/;

/** Reads the result page by page, down to the question below it. */
export async function next(pty: Pty): Promise<void> {
  for (;;) {
    await pty.shows(new RegExp(`${asked.source}|${more.source}`));
    if (asked.test(pty.screen())) return;
    const before = pty.raw.length;
    pty.type(Keys.enter);
    await until("the next page", () => /What next\?|接下来？|Enter goes on|Enter 继续/.test(pty.raw.slice(before)));
  }
}

/** The entry of the open question that Enter would take; empty if no question is open. */
function marked(pty: Pty): string {
  const lines = pty.lines();
  const question = lines.findLastIndex((line) => /^[◆*] {2}/.test(line));
  if (question < 0) return "";
  return (
    /^[│|] {2}[●>] +(.*)$/.exec(lines.slice(question).find((line) => /^[│|] {2}[●>] /.test(line)) ?? "")?.[1] ?? ""
  );
}

/** Goes down to the entry that begins with this label, takes it, and waits until its question is closed. */
export async function choose(pty: Pty, label: string): Promise<void> {
  const visited = new Set<string>();
  for (;;) {
    await until(`an entry to be marked, on the way to ${label}`, () => marked(pty) !== "");
    const now = marked(pty);
    if (now.startsWith(label)) break;
    if (visited.has(now)) throw new Error(`no entry ${label} in:\n${pty.screen()}`);
    visited.add(now);
    pty.type(Keys.down);
    await until(`another entry than ${now} to be marked`, () => !["", now].includes(marked(pty)));
  }
  const before = pty.raw.length;
  pty.type(Keys.enter);
  await until("the answer to be written", () => pty.raw.includes("◇", before));
  await pty.shows(""); // and all of it to be drawn: what is marked from now on is marked in another question
}
