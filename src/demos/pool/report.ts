/** What demo `pool` measured, as numbers and a picture. */

import { phrase } from "../../i18n/phrase.ts";
import { toThousandth } from "../../os/units.ts";
import type { Picture } from "../define.ts";

export interface PoolResult {
  readonly ways: readonly {
    readonly name: "process" | "oneByOne" | "chunks";
    readonly tasks: number;
    readonly ms: number;
    readonly usPerTask: number;
  }[];
  /** Messages it took to hand out the tasks. */
  readonly messages: { readonly oneByOne: number; readonly chunks: number };
  readonly killed: {
    readonly pid: number;
    readonly tasks: number;
    readonly results: number;
    readonly workersDied: number;
    readonly triedAgain: number;
  };
}

/** Microseconds from one task's end to the next one's, all workers together. */
export function perTask({ ms, tasks }: { readonly ms: number; readonly tasks: number }): number {
  return toThousandth((ms / tasks) * 1e3);
}

/** The three ways beside each other. */
export function poolPictures({ ways, messages }: PoolResult): Picture[] {
  const sent = { process: null, ...messages };
  return [
    {
      kind: "table",
      columns: [
        phrase("demo.pool.column.way"),
        phrase("demo.pool.column.tasks"),
        phrase("demo.pool.column.messages"),
        phrase("demo.pool.column.each"),
      ],
      rows: ways.map(({ name, tasks, usPerTask }) => [
        phrase(`demo.pool.way.${name}`),
        String(tasks),
        String(sent[name] ?? "-"),
        usPerTask >= 1000 ? `${(usPerTask / 1000).toFixed(2)} ms` : `${usPerTask.toPrecision(3)} µs`,
      ]),
    },
  ];
}
