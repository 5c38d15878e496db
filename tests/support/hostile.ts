/**
 * A text as an unpacked archive, a shared folder or a stranger's recording may hold it, and what nothing of it may do: steer the
 * terminal it is shown on, turn its writing direction, or begin a line of its own.
 */
import { expect } from "bun:test";

/** Window title, clipboard, a scroll region, C1 introducers, BEL, DEL, bidi marks, a tag, every kind of line's end. */
export const hostile =
  "TITLE\x1b]0;PWN\x07CLIP\x1b]52;c;cHduZWQ=\x07REGION\x1b[7;77rC1\u009b7;78r\u009d0;PWN\u009cDEL\x7fBIDI\u202e\u2066\u200fTAG\u{e0041}CR\rFORGED\u0085FORGED\u2028FORGED\nLINE END";

/** A word of it that stands in front of everything else, and is shown whatever room there is. */
export const beginning = "TITLE";

const raw = /\x1b\]|\x1b\[7;77r|[\x07\x7f]|[\u0080-\u009f]|(?![\u200c\u200d])\p{Cf}|[\u2028\u2029]/u;
const steering = /[\x00-\x08\x0b-\x1f]/;

/**
 * Fails if anything of {@link hostile} got through as it is, or if nothing of it was shown at all.
 * @param lines it is a text that is shown on several lines: an error of the person's own program.
 */
export function expectEscaped(output: string, { terminal = false, lines = false } = {}): void {
  expect(output).toContain(beginning);
  expect(output.match(raw)?.[0] ?? "").toBe("");
  expect(output).not.toMatch(/(^|[\r\n])FORGED/);
  if (!lines) expect(output).not.toMatch(/(^|[\r\n])LINE/);
  if (!terminal) expect(output.match(steering)?.[0] ?? "").toBe("");
}
