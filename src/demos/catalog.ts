/** The demos, in the order of the course; each is loaded when it is wanted. */
import { type Demo, type DemoName, demoNames } from "./demo.ts";

const load: Partial<Record<DemoName, () => Promise<{ demo: Demo }>>> = {
  function: () => import("./function.ts"),
  subclass: () => import("./subclass.ts"),
  identity: () => import("./identity.ts"),
  isolation: () => import("./isolation.ts"),
  exchange: () => import("./exchange.ts"),
  concurrency: () => import("./concurrency.ts"),
  speedup: () => import("./speedup.ts"),
  pool: () => import("./pool.ts"),
  race: () => import("./race.ts"),
  mutex: () => import("./mutex.ts"),
  crash: () => import("./crash.ts"),
  deadlock: () => import("./deadlock.ts"),
};

/** Whether a word is a demo's name. */
export function isDemoName(word: string): word is DemoName {
  return (demoNames as readonly string[]).includes(word);
}

/** The demo with this name. */
export async function loadDemo(name: DemoName): Promise<Demo> {
  const loader = load[name];
  if (loader === undefined) throw new Error(`demo ${name} is not there yet`);
  return (await loader()).demo;
}

/** All demos, in order. */
export async function loadDemos(): Promise<Demo[]> {
  return Promise.all(demoNames.filter((name) => load[name]).map(loadDemo));
}
