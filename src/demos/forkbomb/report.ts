/** Demo `forkbomb`'s result as facts and pictures. */

import { phrase } from "../../i18n/phrase.ts";
import { durationText, numberText } from "../../os/units.ts";
import type { Process } from "../../process/index.ts";
import type { Fact, Picture } from "../define.ts";
import type { Member, RefusedEvent } from "./record.ts";

export interface ForkbombResult {
  /** How many there were in all. */
  readonly processes: number;
  /** How many of each generation, from the first process on. */
  readonly sizes: readonly number[];
  /** How many were refused to start another one, by what, and the first one's error. */
  readonly refused: {
    readonly count: number;
    readonly by: RefusedEvent["by"] | null;
    readonly depth: number | null;
    readonly limit: number | null;
    readonly error: string | null;
  };
  /** How many the kernel had at the same moment, after the last was refused. */
  readonly aliveAtOnce: number;
  /** How many it would have been after so many generations, had nothing refused: calculated, not measured. */
  readonly unguarded: readonly { readonly generation: number; readonly processes: number }[];
  /** From the first one's first line until the last was refused. */
  readonly growMs: number;
  /** From the kill of the first one until the kernel had none of them any more. */
  readonly endMs: number;
  /** How many were still running after that. */
  readonly left: number;
  /** Each as it said itself, and its parent as the kernel said it. */
  readonly tree: readonly (Member & { readonly kernelPpid: number | null })[];
}

/** What a person is told. */
export function forkbombFacts(result: ForkbombResult, children: number, root: Process): Fact[] {
  const { sizes, processes, refused, unguarded, aliveAtOnce } = result;
  const { by, depth, limit } = refused;
  const words =
    by === "depth"
      ? phrase("error.depth", { depth: depth ?? 0, limit: limit ?? 0 })
      : by === "total"
        ? phrase("demo.forkbomb.error.total", { limit: limit ?? 0 })
        : (refused.error ?? "–");
  return [
    { label: "demo.forkbomb.fact.processes", value: `${sizes.join(" + ")} = ${processes}` },
    { label: "demo.forkbomb.fact.alive", value: String(aliveAtOnce) },
    { label: "demo.forkbomb.fact.grow", value: durationText(result.growMs) },
    { label: "demo.forkbomb.fact.refused", value: `${refused.count} × ${children}` },
    { label: "demo.forkbomb.fact.error", value: words },
    {
      label: "demo.forkbomb.fact.unguarded",
      value: unguarded.flatMap(({ generation, processes }, i) => [
        ...(i === 0 ? [] : [" · "]),
        phrase("demo.forkbomb.unguarded", { n: generation, count: numberText(processes) }),
      ]),
    },
    {
      label: "demo.forkbomb.fact.end",
      value: phrase("demo.forkbomb.end", { pid: root.pid ?? 0, time: durationText(result.endMs), left: result.left }),
    },
  ];
}

/** How many there were of each generation, and who started whom. */
export function forkbombPictures({ sizes, tree }: ForkbombResult): Picture[] {
  return [
    {
      kind: "bars",
      unit: "",
      rows: sizes.map((value, i) => ({ label: phrase("demo.forkbomb.generation", { n: i + 1 }), value })),
    },
    {
      kind: "table",
      columns: [
        "",
        "pid",
        phrase("demo.forkbomb.column.parent"),
        phrase("demo.forkbomb.column.kernel"),
        phrase("demo.forkbomb.column.started"),
      ],
      rows: tree.map(({ lane, pid, ppid, kernelPpid, started }) =>
        [lane, pid, ppid, kernelPpid ?? "–", started].map(String),
      ),
    },
  ];
}
