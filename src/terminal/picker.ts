/**
 * The main menu as lines: entries under headings, numbers, marks, what was typed. Pure, and free of the prompt library,
 * so that the first frame stands before that is loaded.
 */
import { printable } from "../os/bytes/printable.ts";
import { fit, justify, truncate, widest } from "./layout.ts";
import { type ListLine, scrolled } from "./scrolled.ts";
import { glyphsOf, paintOf, type Style } from "./style.ts";

export interface PickerItem {
  readonly value: string;
  /** The heading it stands under; entries with the same heading follow each other. */
  readonly group: string;
  /** Typed to find it; empty for an entry without one. */
  readonly number: string;
  readonly label: string;
  /** What it is called on the command line. */
  readonly name: string;
  /** Other words it is found by: what it is about, terms that learners know. */
  readonly keywords: string;
  readonly marked: boolean;
}

export interface PickerView {
  readonly heading: string;
  readonly message: string;
  /** The entries that match what was typed. */
  readonly items: readonly PickerItem[];
  /** Which of them Enter takes. */
  readonly cursor: number;
  readonly typed: string;
  readonly state: "open" | "taken" | "left";
  readonly words: PickerWords;
}

/** What the menu says by itself. */
export interface PickerWords {
  /** What the keys do. */
  readonly keys: string;
  /** Where nothing is typed yet. */
  readonly filter: string;
  /** Nothing matches. */
  readonly none: string;
}

/** Whether an entry matches what was typed: its number, or a part of its label, name, heading or keywords. */
export function matches(typed: string, item: PickerItem): boolean {
  const wanted = typed.trim().toLowerCase();
  if (/^\d+$/.test(wanted)) return item.number.startsWith(wanted);
  return [item.label, item.name, item.group, item.keywords].some((text) => text.toLowerCase().includes(wanted));
}

/** The entry whose whole name was typed: Enter after `map` is not to play `semaphore`, which has it in the middle. */
export function named(typed: string, all: readonly PickerItem[]): PickerItem | undefined {
  const wanted = typed.trim().toLowerCase();
  return all.find(({ name }) => name === wanted);
}

/** At most `rows` lines of at most `style.columns`. */
export function pickerLines(view: PickerView, style: Style, rows: number): string[] {
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const bar = paint.dim(glyphs.trunk);
  const item = view.items[view.cursor];
  if (view.state !== "open") {
    const mark = view.state === "taken" ? paint.green(glyphs.taken) : paint.dim(glyphs.left);
    const chosen = view.state === "taken" && item !== undefined ? `${bar}  ${paint.dim(item.label)}` : bar;
    return [`${mark}  ${view.message}`, chosen].map((line) => truncate(line, style.columns));
  }
  const edge = paint.cyan(glyphs.trunk);
  const message = `${paint.cyan(glyphs.active)}  ${paint.bold(view.message)}`;
  const keys = view.words.keys;
  const hinted = Bun.stringWidth(message) + 2 + Bun.stringWidth(keys) <= style.columns;
  const head = [
    `${paint.dim(glyphs.begin)}  ${view.heading}`,
    bar,
    hinted ? justify(message, paint.dim(keys), style.columns) : message,
  ];
  const room = Math.max(3, rows - head.length - 1);
  const body = scrolled(entryLines(view, style), view.cursor, room, style).map((line) => `${edge}  ${line}`);
  if (view.items.length === 0) body.push(`${edge}  ${paint.yellow(view.words.none)}`);
  const typed = view.typed === "" ? paint.dim(view.words.filter) : `${printable(view.typed)}${glyphs.caret}`;
  return [...head, ...body, `${paint.cyan(glyphs.corner)}  ${typed}`].map((line) => truncate(line, style.columns));
}

/** Headings and entries. */
function entryLines({ items, cursor }: PickerView, style: Style): ListLine[] {
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const numbers = widest(items.map(({ number }) => number));
  const names = style.columns >= 50 ? widest(items.map(({ name }) => name)) : 0;
  const labels = Math.max(8, Math.min(widest(items.map(({ label }) => label)), style.columns - numbers - names - 14));
  return items.flatMap((item, index) => {
    const radio = index === cursor ? paint.green(glyphs.on) : paint.dim(glyphs.off);
    const number = numbers > 0 ? `${item.number.padStart(numbers)} ` : "";
    const label = fit(item.label, labels, glyphs.ellipsis);
    const name = names > 0 ? `   ${paint.dim(fit(item.name, names))}` : "";
    const mark = item.marked ? `  ${paint.green(glyphs.ok)}` : "";
    const line = { text: `${radio} ${number}${index === cursor ? paint.bold(label) : label}${name}${mark}`, index };
    const heading = item.group !== items[index - 1]?.group;
    return heading ? [{ text: paint.dim(item.group), index: -1 }, line] : [line];
  });
}
