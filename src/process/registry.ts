/**
 * What a process can run, by name. A function cannot cross a process boundary; its name can. Both sides load the same
 * module and find the same function under the same name: `module#name`, where `module` tells the worker what to import
 * (main.ts passes it the list). Names are given, not read from `function.name`: the build shortens those.
 */
import { LanesError } from "../errors.ts";

/** A function of any signature: `never[]` accepts them all, and none can be called without saying with what. */
type AnyFunction = (...args: never[]) => unknown;
/** A subclass of Process: what it runs is what it overrides. */
type ProcessClass = abstract new (...args: never[]) => { run(): unknown };

const functions = new Map<string, AnyFunction>();
const classes = new Map<string, ProcessClass>();
const functionNames = new Map<AnyFunction, string>();
const classNames = new Map<unknown, string>();

/** Makes a function one that a process can run, under `module#name`; returns it. */
export function defineTarget<F extends AnyFunction>(name: string, target: F): F {
  functions.set(name, target);
  functionNames.set(target, name);
  return target;
}

/** Makes a subclass of Process one that a child can run, under `module#name`; returns it. */
export function defineProcess<C extends ProcessClass>(name: string, subclass: C): C {
  classes.set(name, subclass);
  classNames.set(subclass, name);
  return subclass;
}

/** The name a function was defined under. @throws LanesError if it never was. */
export function nameOfTarget(target: AnyFunction): string {
  const name = functionNames.get(target);
  if (name === undefined) throw new LanesError("error.target.unknown", { target: target.name || "(anonymous)" });
  return name;
}

/** The name a subclass was defined under. @throws LanesError if it never was. */
export function nameOfProcess(subclass: unknown): string {
  const name = classNames.get(subclass);
  if (name === undefined)
    throw new LanesError("error.target.unknown", { target: String((subclass as { name?: string }).name) });
  return name;
}

/** The function defined under a name. @throws LanesError if there is none. */
export function targetNamed(name: string): AnyFunction {
  const target = functions.get(name);
  if (target === undefined) throw new LanesError("error.target.unknown", { target: name });
  return target;
}

/** The subclass defined under a name. @throws LanesError if there is none. */
export function processNamed(name: string): ProcessClass {
  const subclass = classes.get(name);
  if (subclass === undefined) throw new LanesError("error.target.unknown", { target: name });
  return subclass;
}
