/** The demos: one line each, loaded when it is wanted, by a person who plays it or by a worker that runs its targets. */
import { type Demo, type DemoName, demoNames } from "./define.ts";

const load: Readonly<Record<DemoName, () => Promise<{ demo: Demo }>>> = {
  function: () => import("./function/demo.ts"),
  subclass: () => import("./subclass/demo.ts"),
  identity: () => import("./identity/demo.ts"),
  zombie: () => import("./zombie/demo.ts"),
  forkbomb: () => import("./forkbomb/demo.ts"),
  isolation: () => import("./isolation/demo.ts"),
  exchange: () => import("./exchange/demo.ts"),
  concurrency: () => import("./concurrency/demo.ts"),
  speedup: () => import("./speedup/demo.ts"),
  oversubscribe: () => import("./oversubscribe/demo.ts"),
  pool: () => import("./pool/demo.ts"),
  race: () => import("./race/demo.ts"),
  mutex: () => import("./mutex/demo.ts"),
  crash: () => import("./crash/demo.ts"),
  deadlock: () => import("./deadlock/demo.ts"),
  semaphore: () => import("./semaphore/demo.ts"),
  queue: () => import("./queue/demo.ts"),
  barrier: () => import("./barrier/demo.ts"),
  event: () => import("./event/demo.ts"),
};

/** Whether a word is a demo's name. */
export function isDemoName(word: string): word is DemoName {
  return (demoNames as readonly string[]).includes(word);
}

/** The demo with this name. */
export async function loadDemo(name: DemoName): Promise<Demo> {
  return (await load[name]()).demo;
}

/** All demos, in order. */
export async function loadDemos(): Promise<Demo[]> {
  return Promise.all(demoNames.map(loadDemo));
}

/** Imports the module of a target, `DEMO#name`. An absolute path is a module of its own: tests define theirs that way. */
export async function loadTargets(module: string): Promise<unknown> {
  if (module.startsWith("/")) return import(module);
  return isDemoName(module) ? load[module]() : undefined;
}
