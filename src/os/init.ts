/**
 * Being process 1 (a container's ENTRYPOINT): whoever is left without a parent becomes ours, and stays a zombie until we
 * collect it, which in a long run uses up the container's pids.
 *
 * Our own children are Bun's to collect: it sleeps on each of them and collects it in the next turn of the event loop. So a
 * zombie that is still there some turns later is nobody's but ours. Were one of Bun's collected here, its exit code would be
 * lost.
 */
import { libcFunctions } from "./libc.ts";
import { isLinux } from "./platform.ts";
import { procPids, procStat } from "./process/proc-of.ts";

/** Ms between two looks: many turns of the event loop. */
const LOOK_MS = 50;
const WNOHANG = 1;

/** Collects them from now on, as long as this process lives; does not keep it alive. */
export function collectOrphans(): void {
  if (!isLinux) return;
  const { waitpid } = libcFunctions({ waitpid: { args: ["i32", "ptr", "i32"], returns: "i32" } });
  /** The zombies of the last look: pid and when it was started, so that a pid used again is not taken for the same. */
  let seen = new Map<number, number>();
  let going = false;
  const look = () => {
    const zombies = [...zombieChildren()];
    const left = zombies.filter(([pid, at]) => seen.get(pid) !== at || waitpid(pid, null, WNOHANG) !== pid);
    seen = new Map(left);
    going = left.length > 0;
    if (going) setTimeout(look, LOOK_MS).unref();
  };
  process.on("SIGCHLD", () => {
    if (!going) setTimeout(look, LOOK_MS).unref();
    going = true;
  });
}

/** Children of this process that have ended and were not collected, each with the time it was started at. */
function zombieChildren(): Map<number, number> {
  const zombies = new Map<number, number>();
  for (const pid of procPids() ?? []) {
    const stat = procStat(pid);
    if (stat?.state === "Z" && stat.ppid === process.pid) zombies.set(pid, stat.startTicks);
  }
  return zombies;
}
