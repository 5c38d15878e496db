/** Which module defines which targets: what a worker imports for `module#name`. One line a demo that starts processes. */
const modules: Readonly<Record<string, () => Promise<unknown>>> = {
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

/** Imports the module of a target. An absolute path is a module of its own: tests define theirs that way. */
export async function loadTargets(module: string): Promise<unknown> {
  return module.startsWith("/") ? import(module) : modules[module]?.();
}
