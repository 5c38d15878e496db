/** The demos: one line each, loaded when it is wanted, by a person who plays it or by a worker that runs its targets. */
import { type Demo, type DemoName, demoNames } from "./demo.ts";

const load: Readonly<Record<DemoName, () => Promise<{ demo: Demo }>>> = {
  function: () => import("./function.ts"),
  subclass: () => import("./subclass.ts"),
  identity: () => import("./identity.ts"),
  zombie: () => import("./zombie.ts"),
  forkbomb: () => import("./forkbomb.ts"),
  isolation: () => import("./isolation.ts"),
  exchange: () => import("./exchange.ts"),
  concurrency: () => import("./concurrency.ts"),
  speedup: () => import("./speedup.ts"),
  oversubscribe: () => import("./oversubscribe.ts"),
  pool: () => import("./pool.ts"),
  race: () => import("./race.ts"),
  mutex: () => import("./mutex.ts"),
  crash: () => import("./crash.ts"),
  deadlock: () => import("./deadlock.ts"),
  semaphore: () => import("./semaphore.ts"),
  queue: () => import("./bounded-queue.ts"),
  barrier: () => import("./barrier.ts"),
  event: () => import("./event.ts"),
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
