/** What the order of steps can matter for: what several processes touch and somebody changes. */
import type { Step } from "./control/messages.ts";

/** Learns it from the steps of one run after another. */
export class Conflicts {
  readonly #found = new Set<string>();

  /** All that is known so far. */
  get names(): readonly string[] {
    return [...this.#found];
  }

  learn(steps: readonly Step[]): void {
    for (const name of sharedIn(steps)) this.#found.add(name);
  }

  has(step: Step): boolean {
    return this.#found.has(step.file);
  }
}

/** What several processes touch, and somebody changes, in the order in which it is first touched. */
export function sharedIn(steps: readonly Step[]): string[] {
  const touched = new Map<string, { readonly lanes: Set<number>; changed: boolean }>();
  const note = (name: string, lane: number, changes: boolean) => {
    const known = touched.get(name) ?? { lanes: new Set(), changed: false };
    touched.set(name, known);
    known.lanes.add(lane);
    known.changed ||= changes;
  };
  const listed = new Set(steps.filter(({ call }) => call === "readdir").map(({ file }) => file));
  for (const { lane, call, file, other, changes, how, result } of steps) {
    if (file === "" || call === "signal") continue;
    const failed = (result ?? 0) < 0;
    for (const name of other === undefined ? [file] : [file, other]) {
      note(name, lane, changes && !failed);
      const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : ".";
      const namesChange = (changes && call !== "write" && call !== "open") || how === "makes" || how === "creates";
      if (namesChange && listed.has(folder)) note(folder, lane, true);
    }
  }
  return [...touched].filter(([, { lanes, changed }]) => changed && lanes.size > 1).map(([name]) => name);
}
