/** `#field`: what an instance has, and nobody outside its class can read or set; so it cannot travel. */
import { ProcessError } from "../errors.ts";
import { type Named, sourceTextOf } from "../place/place.ts";

/** Texts, comments and regular expressions of one line: what may hold a `#` that means nothing. */
const PASSIVE =
  /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*(?=\s*[.,;)\]}])/g;

/** @param base the class that is not looked at, nor those above it. @throws ProcessError for a class whose instances have what cannot travel. */
export function refusePrivate(subclass: Named, base: Named): void {
  for (
    let type: Named | null = subclass;
    type !== null && type !== base;
    type = Object.getPrototypeOf(type) as Named | null
  ) {
    const field = privateField(type);
    if (field !== null) throw new ProcessError("api.private", { class: type.name, field });
  }
}

/** The first private member of a class's instances; null if it has none. */
function privateField(type: Named): string | null {
  const text = sourceTextOf(type).replace(PASSIVE, '""');
  for (const match of text.matchAll(
    /(?:\bthis\s*\.\s*|[;{}\n]\s*(?:async\s+|get\s+|set\s+|\*\s*|readonly\s+)*)(#[\p{ID_Start}$_][\p{ID_Continue}$]*)/gu,
  ))
    return match[1] ?? null;
  return null;
}
