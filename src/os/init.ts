/**
 * Being process 1 (a container's ENTRYPOINT): whoever is left without a parent becomes ours, and stays a zombie until we
 * collect it, which in a long run uses up the container's pids.
 *
 * Our own children are Bun's to collect: it sleeps on each of them and collects it in the next turn of the event loop. So a
 * zombie that is still there some turns later is nobody's but ours. Were one of Bun's collected here, its exit code would be
 * lost.
 */
import { readdirSync, readFileSync } from "node:fs";
import { libcFunctions } from "./libc.ts";
import { isLinux, procPath } from "./platform.ts";

/** Ms between two looks: many turns of the event loop. */
const LOOK_MS = 50;
const WNOHANG = 1;

/** Collects them from now on, as long as this process lives; does not keep it alive. */
export function collectOrphans(): void {
  if (!isLinux) return;
  const { waitpid } = libcFunctions({ waitpid: { args: ["i32", "ptr", "i32"], returns: "i32" } });
  /** The zombies of the last look: pid and when it was started, so that a pid used again is not taken for the same. */
  let seen = new Map<number, string>();
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
function zombieChildren(): Map<number, string> {
  const zombies = new Map<number, string>();
  for (const name of readdirSync(procPath(""))) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(procPath(`${name}/stat`), "latin1");
      // The name stands in parentheses and may hold anything; state, ppid … started (19 fields on) follow the last one.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" && Number(fields[1]) === process.pid) zombies.set(Number(name), fields[19] ?? "");
    } catch {
      // gone meanwhile
    }
  }
  return zombies;
}
