/**
 * The demos, in the order of the course, a line each: the heading it stands under in the menu, and its module, loaded when it
 * is wanted, by a person who plays it or by a worker that runs its targets. A new one is its folder, this line, and its words
 * in words.en.ts and words.zh.ts; CONTRIBUTING.md says how.
 */
import type { Demo } from "./define.ts";

/** The headings of the menu. */
export type DemoGroup = "processes" | "memory" | "time" | "sharing" | "coordination";

interface Entry {
  readonly group: DemoGroup;
  load(): Promise<{ demo: Demo }>;
}

const entry = (group: DemoGroup, load: Entry["load"]): Entry => ({ group, load });

const entries = {
  function: entry("processes", () => import("./function/demo.ts")),
  subclass: entry("processes", () => import("./subclass/demo.ts")),
  identity: entry("processes", () => import("./identity/demo.ts")),
  zombie: entry("processes", () => import("./zombie/demo.ts")),
  forkbomb: entry("processes", () => import("./forkbomb/demo.ts")),
  isolation: entry("memory", () => import("./isolation/demo.ts")),
  exchange: entry("memory", () => import("./exchange/demo.ts")),
  concurrency: entry("time", () => import("./concurrency/demo.ts")),
  speedup: entry("time", () => import("./speedup/demo.ts")),
  oversubscribe: entry("time", () => import("./oversubscribe/demo.ts")),
  pool: entry("time", () => import("./pool/demo.ts")),
  race: entry("sharing", () => import("./race/demo.ts")),
  mutex: entry("sharing", () => import("./mutex/demo.ts")),
  crash: entry("sharing", () => import("./crash/demo.ts")),
  deadlock: entry("sharing", () => import("./deadlock/demo.ts")),
  fence: entry("sharing", () => import("./fence/demo.ts")),
  semaphore: entry("coordination", () => import("./semaphore/demo.ts")),
  queue: entry("coordination", () => import("./queue/demo.ts")),
  barrier: entry("coordination", () => import("./barrier/demo.ts")),
  event: entry("coordination", () => import("./event/demo.ts")),
};

export type DemoName = keyof typeof entries;

/** Every demo's name, in the order of the course. */
export const demoNames = Object.keys(entries) as readonly DemoName[];

/** The heading a demo stands under: known without loading the demo. */
export const demoGroup = (name: DemoName): DemoGroup => entries[name].group;

/** Whether a word is a demo's name. */
export function isDemoName(word: string): word is DemoName {
  return Object.hasOwn(entries, word);
}

/** The demo with this name. */
export async function loadDemo(name: DemoName): Promise<Demo> {
  return (await entries[name].load()).demo;
}

/** All demos, in order. */
export async function loadDemos(): Promise<Demo[]> {
  return Promise.all(demoNames.map(loadDemo));
}

/** Imports the module of a target, `DEMO#name`. An absolute path is a module of its own: tests define theirs that way. */
export async function loadTargets(module: string): Promise<unknown> {
  if (module.startsWith("/")) return import(module);
  return isDemoName(module) ? entries[module].load() : undefined;
}
