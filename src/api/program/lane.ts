/** The name of a process's lane in a recording: like the process's own, but no two processes share one. */
import { self } from "./self.ts";

const MOST = 80;
const taken = new Map<string, number>();

/** A lane for a child of this process that is called `name`, and is the child at `path`. */
export function laneOf(name: string, path: readonly number[]): string {
  const above = self();
  const standard = name.endsWith(`-${path.join(":")}`);
  const whole = above.parent === null || standard ? name : `${above.name}:${name}`;
  const wanted = whole === "" || whole === "main" ? `Process-${path.join(":")}` : whole.slice(0, MOST);
  const times = (taken.get(wanted) ?? 0) + 1;
  taken.set(wanted, times);
  return times === 1 ? wanted : `${wanted}#${times}`;
}
