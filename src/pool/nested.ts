/** Which modules are being mapped above this process: a module that maps itself would start lanes without end. */

/** Their paths, one a line. */
const VARIABLE = "LANES_MAP_MODULES";

/** The modules of the maps this process is (below) a worker of. */
export function modulesAbove(env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  return (env[VARIABLE] ?? "").split("\n").filter((path) => path !== "");
}

/**
 * What a worker of this module has in its environment from the start: what user code starts inherits that, and not what the
 * worker itself puts into process.env later.
 */
export function nestedEnvironment(module: string): Record<string, string> {
  return { [VARIABLE]: [...modulesAbove(), module].join("\n") };
}
