/** How far a person has come in the course: what was played, which predictions came true, what to play next. */
import type { DemoProgress, Play } from "../recording/results/plays.ts";

/** Each demo of the course, in its order. */
export function progressOf<N extends string>(course: readonly N[], plays: readonly Play[]): DemoProgress<N>[] {
  return course.map((demo) => {
    const own = plays.filter((play) => play.demo === demo);
    const predicted = own.filter((play) => play.predicted !== undefined && play.answer !== undefined);
    const right = predicted.filter((play) => play.predicted === play.answer).length;
    return { demo, plays: own.length, right, wrong: predicted.length - right, last: own.at(-1) };
  });
}

/**
 * What to play next: from the demo played last on, and from the beginning after the end, the first that was never
 * played; undefined if all were.
 */
export function nextInCourse<N extends string>(course: readonly N[], plays: readonly Play[]): N | undefined {
  const played = new Set(plays.map(({ demo }) => demo));
  const order = plays.map(({ demo }) => (course as readonly string[]).indexOf(demo));
  const after = (order.findLast((index) => index >= 0) ?? -1) + 1;
  return [...course.slice(after), ...course.slice(0, after)].find((demo) => !played.has(demo));
}
