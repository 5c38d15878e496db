/** Every escape sequence lanes writes itself. Nothing else in src/ contains one. */

const sgr = (on: number, off: number) => (text: string) => `\x1b[${on}m${text}\x1b[${off}m`;

export const colours = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  magenta: sgr(35, 39),
  cyan: sgr(36, 39),
};

/** Functions that colour a text. */
export type Paint = typeof colours;

export const HIDE_CURSOR = "\x1b[?25l";
export const SHOW_CURSOR = "\x1b[?25h";
/** From the cursor to the end of the line; to the end of the screen. */
export const CLEAR_LINE_END = "\x1b[K";
export const CLEAR_BELOW = "\x1b[J";
/** The whole screen, cursor to its first cell. */
export const CLEAR_SCREEN = "\x1b[H\x1b[2J";
/** Moves to the first column, `lines` up. */
export const upToStart = (lines: number): string => (lines > 0 ? `\r\x1b[${lines}A` : "\r");

/** The Esc key itself; with more behind it, it begins another key. */
export const LONE_ESCAPE = "\x1b";

/** What was typed, key by key: an arrow key is several characters. */
export function keysIn(text: string): string[] {
  return text.match(/\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Za-z]|\x1b[^\x1b]|[\s\S]/gu) ?? [];
}

/** Any change of colour in someone else's text; bold, dim and inverse are none. */
export const COLOUR = /\x1b\[(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[0-9;]*)?m/g;
