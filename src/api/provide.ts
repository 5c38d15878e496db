/** Makes `import … from "lanes"` work for what is loaded from now on, in this thread and in those it starts. */
import { speakErrors } from "../i18n/index.ts";
import { ownThread } from "../os/files/own-files.ts";
import * as library from "./index.ts";
import { nameAsExported } from "./names.ts";
import { tellCircles } from "./program/circles.ts";
import { self } from "./program/self.ts";

let provided = false;

/** The name by which users import the library, from whatever file. */
const NAME = "lanes";

export function provide(): void {
  if (provided) return;
  provided = true;
  speakErrors("made");
  nameAsExported(library);
  tellCircles();
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
      super(url, { ...options, preload: [ownThread("api/program/thread"), ...[preload].flat()] } as WorkerOptions);
    }
  };
}

/** Threads of lanes' own, which have nothing of the user's to load. */
const OURS: ReadonlySet<string | URL> = new Set([ownThread("lock/wait/thread")]);
