/**
 * Looks through a value before it is sent: whether everything in it can travel, and whether something in it travels in another form.
 * Each object is looked at once, whatever leads to it; nothing is copied.
 */
import { ADDRESS, checkPrimitive, errorKeys, type Travel, travelOf } from "./sendable.ts";

/** One value's, or one list's. */
export class Inspection {
  readonly #seen = new Set<object>();

  /** Whether something in a value travels in another form. @param path what a person calls it: `args`. @throws NotSendable. */
  special(value: unknown, path: string): boolean {
    if (typeof value !== "object" || value === null) {
      checkPrimitive(value, path);
      return false;
    }
    if (this.#seen.has(value)) return false;
    this.#seen.add(value);
    const travel = travelOf(value, path);
    let special = travel === "handle" || travel === "buffer" || travel === "error" || Object.hasOwn(value, ADDRESS);
    // No short cut: each part has to be looked at.
    for (const [key, part] of partsOf(value, travel))
      if (!isData(part)) special = this.special(part, inside(path, travel, key)) || special;
    return special;
  }

  /** The same of what is in a list. @param pathOf what a person calls an item: `items[3]`. @throws NotSendable. */
  items(list: readonly unknown[], pathOf: (index: number) => string): boolean {
    let special = false;
    for (let i = 0; i < list.length; i++) {
      const part = list[i];
      if (!isData(part)) special = this.special(part, pathOf(i)) || special;
    }
    return special;
  }
}

/** Whether it travels as it is, with nothing to look at: most of most data. */
function isData(value: unknown): boolean {
  const type = typeof value;
  return type === "object" ? value === null : type !== "function" && type !== "symbol";
}

/** What is in a value, with what a person calls it there. */
function* partsOf(value: object, travel: Travel): Generator<[key: unknown, part: unknown]> {
  if (travel === "map") {
    for (const [key, part] of value as Map<unknown, unknown>) {
      yield [key, key];
      yield [key, part];
    }
  } else if (travel === "set") {
    let at = 0;
    for (const part of value as Set<unknown>) yield [at++, part];
  } else if (travel === "list" || travel === "object" || travel === "error") {
    for (const key of travel === "error" ? errorKeys(value) : Object.keys(value))
      yield [key, (value as Record<string, unknown>)[key]];
  }
}

function inside(path: string, travel: Travel, key: unknown): string {
  if (travel === "list" || travel === "set") return `${path}[${String(key)}]`;
  if (travel === "map") return `${path}.get(${typeof key === "object" ? "…" : String(key)})`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(String(key))
    ? `${path}.${key}`
    : `${path}[${JSON.stringify(key)}]`;
}
