/** Starting a process that runs a user's program, or a part of it. */

import { currentLanguage } from "../../i18n/index.ts";
import { Child, type ChildOptions } from "../../process/child.ts";
import { currentProcess } from "../../process/current.ts";
import { encodeFrame } from "../../process/frames.ts";
import { PROGRAM_SENTINEL } from "../../process/sentinels.ts";
import { buildId } from "../../version.ts";
import { laneOf } from "./lane.ts";
import { encodeProgram, type ProgramStart } from "./program.ts";
import { self } from "./self.ts";

/** How it is started: its lane, what its events go to, and whether anybody takes them. */
interface Options extends Required<Pick<ChildOptions, "name" | "timeline" | "stdio">>, Pick<ChildOptions, "more"> {
  readonly recorded: boolean;
}

/** A child of this process's program: what it is told of itself, and what it is to do. */
export function programOf(
  name: string,
  daemon: boolean,
  path: readonly number[],
  job: ProgramStart["job"],
): ProgramStart {
  const { name: above } = self();
  const identity = { name, daemon, path, parent: { name: above, pid: process.pid } };
  return { language: currentLanguage(), identity, argv: process.argv.slice(1), job };
}

/** Starts a child of this process's program, recorded if this one is. @throws as {@link startProgram}. */
export function startChild(program: ProgramStart, more: ChildOptions["more"] = []): Child {
  const { timeline, recorded } = currentProcess();
  const { name, path } = program.identity;
  const stdio = ["ignore", "inherit", "inherit"] as const;
  return startProgram(program, { name: laneOf(name, path), timeline, recorded, stdio, more });
}

/** Starts it. @throws LanesError `error.spawn.*` if the system refuses, `error.depth`. */
export function startProgram(start: ProgramStart, { name, timeline, stdio, recorded, more = [] }: Options): Child {
  const frame = encodeFrame({
    kind: "start",
    build: buildId,
    style: "function",
    target: "",
    args: [],
    state: {},
    name,
    originMs: timeline.originMs,
    parentPid: process.pid,
    orphan: false,
    upperWire: false,
    recorded,
    program: encodeProgram(start),
  });
  return new Child(
    { name, timeline, dieWithParent: true, upperWire: false, sentinel: PROGRAM_SENTINEL, stdio, more },
    frame,
  );
}
