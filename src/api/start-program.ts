/** Starting a process that runs a user's program, or a part of it. */

import { Child, type ChildOptions } from "../process/child.ts";
import { encodeFrame } from "../process/frames.ts";
import { PROGRAM_SENTINEL } from "../process/sentinels.ts";
import { buildId } from "../version.ts";
import { encodeProgram, type ProgramStart } from "./program.ts";

/** How it is started: its lane, what its events go to, and whether anybody takes them. */
interface Options extends Required<Pick<ChildOptions, "name" | "timeline" | "stdio">> {
  readonly recorded: boolean;
}

/** Starts it. @throws LanesError `error.spawn.*` if the system refuses, `error.depth`. */
export function startProgram(start: ProgramStart, { name, timeline, stdio, recorded }: Options): Child {
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
  return new Child({ name, timeline, dieWithParent: true, upperWire: false, sentinel: PROGRAM_SENTINEL, stdio }, frame);
}
