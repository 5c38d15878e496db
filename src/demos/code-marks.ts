/**
 * Which line of the code a demo shows a process is at: the line from which its last event came. A demo says for its events
 * which line that is, by a part of the line's text; what it does not say, nobody guesses.
 */

import type { EventType } from "../recording/event.ts";
import type { MarkedCode } from "../recording/results/demo.ts";

/** Says where an event comes from. Of several marks that fit, the first counts. */
export interface CodeMark {
  readonly type: EventType;
  /** A part of one line of `code.typescript`, and of no other; null: a line that is not shown. */
  readonly line: string | null;
  /** What the event is about, where that makes the difference: a lock's name, `barrier` … */
  readonly on?: string;
  /** The type of its lane's event before it. */
  readonly after?: EventType;
  /** How many locks its lane held before it. */
  readonly held?: number;
  /** Whose code it is: 0 the main process's, 1 a child's (if left out), 2 a grandchild's; of any process but the main one. */
  readonly generation?: 0 | 1 | 2 | "any";
}

/** The code of a demo with its marks, or undefined where it has none. */
export function markedCode(demo: {
  readonly code: { readonly typescript: string };
  readonly marks?: readonly CodeMark[];
}): MarkedCode | undefined {
  if (demo.marks === undefined) return undefined;
  const lines = demo.code.typescript.split("\n");
  const marks = demo.marks.map(({ line, ...mark }) => {
    return { ...mark, at: line === null ? null : lines.findIndex((text) => text.includes(line)) };
  });
  return {
    lines,
    lineOf(event, after, held) {
      const on = "on" in event ? event.on : undefined;
      const generation = event.lane === "main" ? 0 : event.lane.split(".").length;
      return marks.find(
        (mark) =>
          mark.type === event.type &&
          isOf(mark, generation) &&
          (mark.on === undefined || mark.on === on) &&
          (mark.after === undefined || mark.after === after) &&
          (mark.held === undefined || mark.held === held),
      )?.at;
    },
  };
}

function isOf(mark: Pick<CodeMark, "generation">, generation: number): boolean {
  return mark.generation === "any" ? generation > 0 : (mark.generation ?? 1) === generation;
}
