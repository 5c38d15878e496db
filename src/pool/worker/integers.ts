/**
 * Numbers in JSON that a JavaScript number cannot hold: `9007199254740993` becomes …992 and `1e400` Infinity, without a word.
 * Ids of 64 bits are common, so here such a number is found, and what becomes of it is for the person to say.
 *
 * An integer written out is held if what it becomes is written the same: 61666742288762888 is not, for it comes out as
 * …890, though a double can have that value. What has a fraction or an exponent is a
 * floating-point number by its looks, and rounded as always; only beyond the largest one is it lost.
 */

/** What an integer that cannot be held becomes: a failure of its item, its digits as a string, the nearest number. */
export type Integers = "fail" | "string" | "number";

/** What such a number looks like at least: most lines have none, and that is found out at the speed of a search. */
const SUSPECT = /\d{16}|[eE]\+?\d{3}/;
/** A string, or a number, wherever the next one begins. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
/** A number shown in a message. */
const MOST_SHOWN = 40;

/** A JSON text with a number that cannot be held. */
export class LostInteger extends Error {
  override readonly name = "LostInteger";
}

/** The value of a JSON text. @throws SyntaxError; LostInteger if one of its numbers cannot be held, and that is a failure. */
export function parseJson(text: string, integers: Integers): unknown {
  if (integers === "number" || !SUSPECT.test(text)) return JSON.parse(text);
  const value: unknown = JSON.parse(text); // that it is JSON is relied on from here
  const lost = lostNumbers(text);
  const [first] = lost;
  if (first === undefined) return value;
  if (integers === "fail") {
    const shown = first.text.length > MOST_SHOWN ? `${first.text.slice(0, MOST_SHOWN)}…` : first.text;
    throw new LostInteger(
      `${shown} is more than a JavaScript number can hold (it would become ${Number(first.text)}); ` +
        "--integers string hands it over as a string, --integers number as the nearest number",
    );
  }
  let quoted = "";
  let at = 0;
  for (const { text: digits, index } of lost) {
    quoted += `${text.slice(at, index)}"${digits}"`;
    at = index + digits.length;
  }
  return JSON.parse(quoted + text.slice(at));
}

function lostNumbers(text: string): { readonly text: string; readonly index: number }[] {
  const found: { text: string; index: number }[] = [];
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const [word] = token;
    if (word[0] !== '"' && !isHeld(word)) found.push({ text: word, index: token.index });
  }
  return found;
}

function isHeld(word: string): boolean {
  if (word.length < 5) return true;
  const number = Number(word);
  if (!Number.isFinite(number)) return false;
  if (word.length < 16 || /[.eE]/.test(word)) return true;
  return String(number) === word || (Math.abs(number) >= 1e21 && BigInt(number) === BigInt(word));
}
