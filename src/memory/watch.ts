/** What happens to shared objects in this process, for whoever shows it. */
import type { Happening } from "../recording/event.ts";

let sink: ((happening: Happening) => void) | undefined;

/**
 * From now on `take` is told what this process does with shared objects: `wait` when it has to, `hold`, `release` of locks and
 * permits (`on`: the object's name), `run` when it goes on after an event or a barrier. Must not throw. Undefined: nobody is.
 */
export function watch(take: ((happening: Happening) => void) | undefined): void {
  sink = take;
}

export function emit(type: "wait" | "hold" | "release", on: string): void {
  // Each of the three is a happening; TypeScript does not look at them one by one.
  sink?.({ type, on } as Happening);
}

/** It goes on after a wait that has given it nothing to hold. */
export function emitRun(): void {
  sink?.({ type: "run" });
}
