import { expect, test } from "bun:test";
import { legend } from "../../../src/show/legend.ts";

const states = ["starts", "runs", "waits", "reads", "holds", "exited", "killed"] as const;

test("an entry of the legend is never broken", () => {
  for (let columns = 30; columns <= 120; columns++) {
    const lines = legend(states, { columns, ascii: false, color: false });
    for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines.flatMap((line) => line.split("   "))).toEqual([
      "┄ starts",
      "─ runs",
      "· waits",
      "▒ has read, not yet written",
      "█ holds",
      "× exited",
      "✗ failed or killed",
    ]);
  }
});
