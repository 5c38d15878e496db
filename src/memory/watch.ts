/** What happens to shared objects in this process, for whoever shows it. */
import type { Happening } from "../recording/event.ts";
import type { Circle } from "./hub/circles.ts";

let sink: ((happening: Happening) => void) | undefined;

/**
 * From now on `take` is told what this process does with shared objects: `wait` when it has to, `hold`, `release` of locks and
 * permits (`on`: the object's name), `run` when it goes on after an event or a barrier. Must not throw. Undefined: nobody is.
 */
export function watch(take: ((happening: Happening) => void) | undefined): void {
  sink = take;
}

let circles: ((circle: Circle) => void) | undefined;

/**
 * From now on `take` is told of processes that wait for one another, each of a lock of this process's hub that the next one has: a
 * deadlock, unless another task of one lets go. Each circle once, after a second. Must not throw.
 */
export function watchCircles(take: (circle: Circle) => void): void {
  circles = take;
}

export function emitCircle(circle: Circle): void {
  circles?.(circle);
}

export function emit(type: "wait" | "hold" | "release", on: string): void {
  // Each of the three is a happening; TypeScript does not look at them one by one.
  sink?.({ type, on } as Happening);
}

/** It goes on after a wait that has given it nothing to hold. */
export function emitRun(): void {
  sink?.({ type: "run" });
}
