/**
 * Descriptors above 2 that this process was started with: `<( )`, make's job server, `exec 7>log`. What lanes runs gets them
 * under the same numbers; Bun hands on none that is not listed, and so nothing of lanes' own either.
 */
import { darwinFunctions } from "../darwin.ts";
import { isLinux } from "../platform.ts";
import { nodeProc, type ProcReader } from "../process/proc.ts";

let atStart: readonly number[] | undefined;

/** Looked up once, which has to be before lanes opens any of its own. */
export function givenDescriptors(proc: ProcReader = nodeProc): readonly number[] {
  atStart ??= isLinux
    ? // All but Bun's event loop, and what is closed again.
      proc.descriptors().filter((fd) => isGiven(proc.described(fd)))
    : givenByLibSystem();
  return atStart;
}

/** (No regular expression: the first one of a process takes half a millisecond, and `lanes lock` has none.) */
const isGiven = (what: string) => what !== "" && !what.startsWith("anon_inode:[event");

const PROC_PIDLISTFDS = 1;
/** Files, sockets, shared memory, semaphores, pipes: what can be inherited. An event queue (5) cannot. */
const INHERITABLE: ReadonlySet<number> = new Set([1, 2, 3, 4, 6]);
const F_GETFD = 1;
const FD_CLOEXEC = 1;

/** macOS: by proc_pidinfo(3), in pairs of number and kind (struct proc_fdinfo); those not marked close-on-exec. */
function givenByLibSystem(): number[] {
  try {
    const { proc_pidinfo, fcntl } = darwinFunctions({
      proc_pidinfo: { args: ["i32", "i32", "u64", "buffer", "i32"], returns: "i32" },
      fcntl: { args: ["i32", "i32"], returns: "i32" },
    });
    const pairs = new Int32Array(2 * 1024);
    const bytes = proc_pidinfo(process.pid, PROC_PIDLISTFDS, 0, pairs, pairs.byteLength);
    const given: number[] = [];
    for (let at = 0; at < bytes / 4; at += 2) {
      const [fd = 0, kind = 0] = pairs.subarray(at, at + 2);
      const flags = fd > 2 && INHERITABLE.has(kind) ? fcntl(fd, F_GETFD) : -1;
      if (flags >= 0 && (flags & FD_CLOEXEC) === 0) given.push(fd);
    }
    return given.sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/** What Bun.spawn may be told of a descriptor above 2 in a child. */
type Place = number | "ignore" | "socket-fd";

/**
 * What follows stdin, stdout and stderr in a child's stdio: the given descriptors under their own numbers, and what else it is
 * to have. Nothing at all if there are none. "ignore" leaves a number unused.
 */
export function givenStdio<Own extends Place = never>(
  own: ReadonlyMap<number, Own> = new Map(),
): (number | "ignore" | Own)[] {
  const given = givenDescriptors();
  if (given.length === 0 && own.size === 0) return [];
  const places = new Map<number, number | Own>([...given.map((fd) => [fd, fd] as const), ...own]);
  return Array.from({ length: Math.max(...places.keys()) - 2 }, (_, at) => places.get(at + 3) ?? "ignore");
}
