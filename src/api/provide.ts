/** Makes `import … from "lanes"` work for what is loaded from now on, in this thread and in those it starts. */
import * as library from "./index.ts";
import { self } from "./self.ts";

let provided = false;

/** The name by which users import the library, from whatever file. */
const NAME = "lanes";
/** Second names of what has another one. */
const ALIASES: ReadonlySet<string> = new Set(["JoinableQueue", "SimpleQueue"]);

export function provide(): void {
  if (provided) return;
  provided = true;
  // The build shortens names; users see these: in stack traces, in what console.log prints, as the name of a process.
  for (const [name, value] of Object.entries(library))
    if (typeof value === "function" && value.name !== name && !ALIASES.has(name))
      Object.defineProperty(value, "name", { value: name });
  // A constant of the process: who it is is known by now.
  const exports = { ...library, isMainProcess: self().parent === null };
  Bun.plugin({
    name: NAME,
    setup(build) {
      build.module(NAME, () => ({ exports, loader: "object" }));
    },
  });
  const threads = globalThis.Worker;
  globalThis.Worker = class Worker extends threads {
    constructor(url: string | URL, options: WorkerOptions = {}) {
      if (OURS.has(url)) {
        super(url, options);
        return;
      }
      const { preload = [] } = options as { preload?: string | string[] };
      super(url, { ...options, preload: [threadEntry(), ...[preload].flat()] } as WorkerOptions);
    }
  };
}

/** Threads of lanes' own, which have nothing of the user's to load. */
const OURS: ReadonlySet<string | URL> = new Set(["./lock/wait/thread.ts"]);

/** What a thread runs before its own file. In the executable an entry point, named from the root of the sources (scripts/build). */
const threadEntry = () =>
  Bun.isStandaloneExecutable ? "./api/thread.ts" : new URL("./thread.ts", import.meta.url).href;
