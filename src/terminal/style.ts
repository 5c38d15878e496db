/**
 * How a view may look: its width, its alphabet, its colours. Every view is given one and asks nothing else about the
 * world. Meaning never rests on colour alone: the glyphs differ too.
 */
import { colours, type Paint } from "./ansi.ts";

export interface Style {
  /** Columns a line may fill. */
  readonly columns: number;
  /** Only ASCII characters in what lanes draws itself. */
  readonly ascii: boolean;
  /** Escape sequences for colour. */
  readonly color: boolean;
}

/** The narrowest width the views draw for; below it they keep this width and the terminal wraps. */
export const MIN_COLUMNS = 20;
/** The widest a text gets: longer lines are hard to read. */
export const MAX_TEXT_COLUMNS = 100;

const unicode = {
  starts: "┄",
  runs: "─",
  waits: "·",
  holds: "█",
  holdsWaiting: "▚",
  reads: "▒",
  stopped: "s",
  rejected: "!",
  zombie: "Z",
  exited: "×",
  killed: "✗",
  branch: "├",
  lastBranch: "└",
  trunk: "│",
  rule: "─",
  ok: "✓",
  wrong: "✗",
  ideal: "·",
  point: "●",
  line: "•",
  axis: "─",
  corner: "└",
  bar: "█",
  eighths: " ▏▎▍▌▋▊▉",
  ellipsis: "…",
  begin: "┌",
  active: "◆",
  taken: "◇",
  left: "■",
  on: "●",
  off: "○",
  caret: "█",
  current: "►",
  gap: "⋮",
  nobody: "–",
  telling: "◆",
};
const ascii: Glyphs = {
  starts: ":",
  runs: "-",
  waits: ".",
  holds: "#",
  holdsWaiting: "%",
  reads: "=",
  stopped: "s",
  rejected: "!",
  zombie: "Z",
  exited: "x",
  killed: "X",
  branch: "|",
  lastBranch: "`",
  trunk: "|",
  rule: "-",
  ok: "ok",
  wrong: "NO",
  ideal: ".",
  point: "O",
  line: "+",
  axis: "-",
  corner: "+",
  bar: "#",
  eighths: "",
  ellipsis: "~",
  begin: "+",
  active: "*",
  taken: "o",
  left: "x",
  on: ">",
  off: " ",
  caret: "_",
  current: ">",
  gap: ":",
  nobody: "-",
  telling: "!",
};

export type Glyphs = typeof unicode;

/** The glyphs of a style. */
export function glyphsOf(style: Pick<Style, "ascii">): Glyphs {
  return style.ascii ? ascii : unicode;
}

const asciiOf: Readonly<Record<string, string>> = {
  "┌": "+",
  "│": "|",
  "└": "`",
  "─": "-",
  "├": "+",
  "╮": "+",
  "╯": "+",
  "◆": "*",
  "◇": "o",
  "■": "x",
  "▲": "!",
  "►": ">",
  "←": "<",
  "●": ">",
  "○": " ",
  "•": "-",
  "·": "-",
  "×": "x",
  "–": "-",
  "—": "-",
  "…": "~",
  "█": "_",
  "↑": "^",
  "↓": "v",
  "→": ">",
  "“": '"',
  "”": '"',
  "‘": "'",
  "’": "'",
  "≤": "<",
  "≥": ">",
};

/**
 * A text without the symbols that are not ASCII, each replaced by one as wide; the letters of a language stay. For texts
 * that others made: messages, and what the prompt library draws.
 */
export function toAscii(text: string): string {
  return text.replace(/[\u00b7\u00d7\u2010-\u25ff]/g, (symbol) => asciiOf[symbol] ?? symbol);
}

const spelled: Readonly<Record<string, string>> = { "…": "...", "±": "+-", σ: "sd" };

/** Symbols whose ASCII form is wider than they are, replaced: for texts that are yet to be laid out. */
export function spelledOut(text: string, style: Pick<Style, "ascii">): string {
  return style.ascii ? text.replace(/[…±σ]/g, (symbol) => spelled[symbol] ?? symbol) : text;
}

const plain = (text: string) => text;
const noColours: Paint = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  magenta: plain,
  cyan: plain,
};

/** The colours of a style: functions that leave the text as it is where there are to be none. */
export function paintOf(style: Pick<Style, "color">): Paint {
  return style.color ? colours : noColours;
}
