/**
 * The script of an exported page: hover, the slider through the events, zoom. The page is whole without it. Only the files of
 * this folder and ticks.ts are in the page (page.macro.ts puts them one after another), so nothing else may be imported but
 * types, and no name be used twice.
 *
 * Texts go into the page as text, never as markup.
 */
import { momentText, ticks } from "../../show/ticks.ts";
import type { PageLane } from "./data.ts";
import {
  at,
  data,
  FIELDS,
  type FoundSegment,
  find,
  nothing,
  plot,
  scroller,
  segment,
  stepText,
  what,
} from "./lookup.ts";
import { moveTo, show, shownMs } from "./slider.ts";

const ZOOMS = [1, 2, 4, 8, 16, 32, 64];

const tip = find("#tip");
const rows = [...document.querySelectorAll<HTMLElement>("#plot .row")];

// ── hover ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function tipLines(lane: PageLane, found: FoundSegment | undefined, ms: number): string[] {
  const pid = found?.pid || lane.pid;
  const head = pid > 0 ? `${lane.name} · ${data.words.pid} ${pid}` : lane.name;
  if (found === undefined) return [head, nothing(lane, ms), momentText(ms)];
  const { fromMs, toMs } = found;
  return [head, what(found), `${momentText(fromMs)} – ${momentText(toMs)} (${momentText(toMs - fromMs)})`];
}

function showTip(lines: readonly string[], x: number, y: number): void {
  tip.replaceChildren(
    ...lines.map((line) => {
      const element = document.createElement("div");
      element.textContent = line;
      return element;
    }),
  );
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  tip.style.left = `${Math.max(8, Math.min(x + 14, room - width - 8))}px`;
  tip.style.top = `${y + 18 + height > innerHeight ? y - height - 12 : y + 18}px`;
}

function hideTip(): void {
  tip.hidden = true;
}

function momentAt(clientX: number): number {
  const { left, width } = plot.getBoundingClientRect();
  return Math.max(0, Math.min(1, (clientX - left) / width)) * data.endMs;
}

function onPointer({ clientX, clientY, target }: PointerEvent): void {
  const index = rows.indexOf(target as HTMLElement);
  const lane = data.lanes[index];
  const ms = momentAt(clientX);
  if (lane === undefined) hideTip();
  else showTip(tipLines(lane, at(lane, ms), ms), clientX, clientY);
}

plot.addEventListener("pointermove", onPointer);
plot.addEventListener("pointerdown", (event) => {
  onPointer(event);
  moveTo(momentAt(event.clientX));
});
// A finger leaves as soon as it is lifted: what it asked for stays until it touches something else.
plot.addEventListener("pointerleave", ({ pointerType }) => {
  if (pointerType !== "touch") hideTip();
});
document.addEventListener("pointerdown", ({ target }) => {
  if (!plot.contains(target as Node)) hideTip();
});
addEventListener("scroll", hideTip, { passive: true, capture: true });

/** A lane that has the focus: the arrow keys go from stretch to stretch, and say what each is. */
for (const [index, row] of rows.entries()) {
  const lane = data.lanes[index]!;
  let chosen = -1;
  const choose = (wanted: number) => {
    chosen = Math.max(0, Math.min(lane.segments.length / FIELDS - 1, wanted));
    const found = segment(lane, chosen);
    if (found === undefined) return;
    moveTo(found.fromMs);
    const { left, width } = plot.getBoundingClientRect();
    const lines = tipLines(lane, found, found.fromMs);
    showTip(lines, left + (found.fromMs / data.endMs) * width, row.getBoundingClientRect().bottom - 8);
    stepText.textContent = lines.join(" · ");
  };
  row.addEventListener("focus", () => {
    if (row.matches(":focus-visible")) choose(Math.max(0, chosen));
  });
  row.addEventListener("blur", hideTip);
  row.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    choose(chosen + by);
  });
}

// ── zoom ───────────────────────────────────────────────────────────────────────────────────────────────────────────

let zoom = 0;

function zoomTo(wanted: number): void {
  const before = plot.getBoundingClientRect().width;
  zoom = Math.max(0, Math.min(ZOOMS.length - 1, wanted));
  plot.style.width = `${ZOOMS[zoom]! * 100}%`;
  const width = plot.getBoundingClientRect().width;
  const middle = (shownMs() / data.endMs) * width;
  if (width !== before) scroller.scrollLeft = middle - scroller.clientWidth / 2;
  find("#zoom").textContent = `${ZOOMS[zoom]}×`;
  find<HTMLButtonElement>("#closer").disabled = zoom === ZOOMS.length - 1;
  find<HTMLButtonElement>("#wider").disabled = zoom === 0;
  drawAxis(width);
}

/** A label for every 110 pixels or so. */
function drawAxis(width: number): void {
  // None that would be cut off at the end.
  const all = ticks(data.endMs, Math.max(2, Math.floor(width / 110)));
  const shown = all.filter(({ ms }) => (1 - ms / data.endMs) * width > 50);
  find("#axis").replaceChildren(
    ...shown.map(({ ms, label }) => {
      const element = document.createElement("span");
      element.textContent = label;
      element.style.left = `${(ms / data.endMs) * 100}%`;
      return element;
    }),
  );
}

find("#closer").addEventListener("click", () => zoomTo(zoom + 1));
find("#wider").addEventListener("click", () => zoomTo(zoom - 1));
addEventListener("resize", () => zoomTo(zoom));

for (const button of document.querySelectorAll<HTMLButtonElement>("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.previousElementSibling?.textContent ?? "";
    await navigator.clipboard?.writeText(text).catch(() => {});
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1_500);
  });
}

find("#controls").hidden = false;
zoomTo(0);
show(0);
