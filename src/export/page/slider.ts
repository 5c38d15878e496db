/** The slider of a page: a cursor that goes through the events, and what is true at its moment. */
import { momentText } from "../../show/ticks.ts";
import type { PageSeries } from "./data.ts";
import { at, data, find, lastNotAbove, nothing, plot, scroller, stepText } from "./lookup.ts";

/** Moments to step through where there are no events to stop at. */
const GRID = 1_000;

const cursor = find("#cursor");
const slider = find<HTMLInputElement>("#step");
const now = [...document.querySelectorAll<HTMLElement>("#now tbody tr")];
const hasSteps = data.steps.length > 0;
const steps = hasSteps ? data.steps.length / 3 : GRID + 1;

function stepMs(step: number): number {
  return hasSteps ? data.steps[step * 3]! : (step / GRID) * data.endMs;
}

/** Shows the moment of the last step that is not after it. */
export function moveTo(ms: number): void {
  const step = hasSteps ? lastNotAbove(data.steps, 3, ms + 1e-5) : Math.round((ms / data.endMs) * GRID);
  show(Math.max(0, step));
}

/** Shows the moment of a step. */
export function show(step: number): void {
  const ms = stepMs(step);
  slider.value = String(step);
  cursor.style.left = `${(ms / data.endMs) * 100}%`;
  keepInSight((ms / data.endMs) * plot.clientWidth);
  const about = [`${data.words.at} ${momentText(ms)}`];
  if (hasSteps) {
    const [lane, text] = [data.lanes[data.steps[step * 3 + 1]!]!, data.texts[data.steps[step * 3 + 2]!]!];
    about.push(lane.name + data.words.colon + text, `${data.words.step} ${step + 1}/${steps}`);
  }
  stepText.textContent = about.join(" · ");
  slider.setAttribute("aria-valuetext", stepText.textContent);
  showLanes(ms);
  showNumbers(ms);
}

/** Scrolls the plot as far as it takes for this place to be seen. */
function keepInSight(x: number): void {
  const { scrollLeft, clientWidth } = scroller;
  if (x < scrollLeft || x > scrollLeft + clientWidth) scroller.scrollLeft = x - clientWidth / 2;
}

function showLanes(ms: number): void {
  for (const [i, lane] of data.lanes.entries()) {
    const row = now[i];
    if (row === undefined) break;
    const found = at(lane, ms);
    const [, pid, state, reason] = row.children;
    row.className = found === undefined ? "off" : `s-${data.classes[found.state]}`;
    if (found !== undefined && found.pid > 0) pid!.textContent = String(found.pid);
    state!.textContent = found === undefined ? nothing(lane, ms) : data.states[found.state]!;
    reason!.textContent = found?.text ?? "";
  }
}

function showNumbers(ms: number): void {
  const value = ({ points }: PageSeries) => points[lastNotAbove(points, 2, ms * 1e3 + 0.01) * 2 + 1];
  for (const [i, series] of data.series.entries()) find(`#series-${i}`).textContent = String(value(series) ?? "–");
  for (const [i, lock] of data.locks.entries()) {
    const owner = data.lanes[value(lock) ?? -1];
    const pid = owner === undefined ? 0 : (at(owner, ms)?.pid ?? owner.pid);
    find(`#lock-${i}`).textContent = owner === undefined ? "–" : `${owner.name} (${data.words.pid} ${pid})`;
  }
}

slider.max = String(steps - 1);
slider.addEventListener("input", () => show(Number(slider.value)));
for (const [id, by] of [
  ["#first", Number.NEGATIVE_INFINITY],
  ["#back", -1],
  ["#forth", 1],
  ["#last", Number.POSITIVE_INFINITY],
] as const) {
  find(id).addEventListener("click", () => show(Math.max(0, Math.min(steps - 1, Number(slider.value) + by))));
}

/** The moment that is shown, ms. */
export function shownMs(): number {
  return stepMs(Number(slider.value));
}

cursor.hidden = false;
