/**
 * What a line of a recording may hold, said once: a table of readers is the type of what they read, and the only code that
 * reads it. Whatever stands in a file, nothing that is not what its type says gets further than here.
 */
import { LanesError } from "../errors.ts";
import { type MessageKey, phrase } from "../i18n/phrase.ts";

/** What a line of JSON holds. */
export type Raw = Readonly<Record<string, unknown>>;

/** Checks a value. `name` is the field's, for the error. @throws Flaw. */
export type Reader<T> = (value: unknown, name: string) => T;

/** Reads a field that can be left out. */
export interface OptionalReader<T> extends Reader<T> {
  readonly isOptional: true;
}

// biome-ignore lint/suspicious/noExplicitAny: what a reader returns is inferred from it, and `unknown` would lose that.
type AnyReader = Reader<any>;

/** The fields of an object, each with its reader. */
export type Fields = Readonly<Record<string, AnyReader>>;

type Flat<T> = { readonly [K in keyof T]: T[K] };
type OptionalNames<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly isOptional: true } ? K : never;
}[keyof F];

/** The object that a table of fields describes. */
export type FieldsOf<F extends Fields> = Flat<
  { readonly [K in Exclude<keyof F, OptionalNames<F>>]: ReturnType<F[K]> } & {
    readonly [K in OptionalNames<F>]?: ReturnType<F[K]>;
  }
>;

/** What is wrong with a line. */
export class Flaw<K extends MessageKey = MessageKey> extends LanesError<K> {
  override readonly name = "Flaw";
}

/** The latest moment an event may have, ms: a year. */
const MAX_T_MS = 366 * 24 * 3600 * 1000;

/** How many levels of objects and lists a line may have: to write out (or walk through) 100,000 the stack is too small. */
const MAX_DEPTH = 100;

/** What a line of JSON holds, as an object that can be worked with. @throws Flaw. */
export function rawOf(value: unknown): Raw {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Flaw("replay.flaw.object", {});
  if (isDeeper(value, MAX_DEPTH)) throw new Flaw("replay.flaw.deep", { limit: MAX_DEPTH });
  return value as Raw;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** @throws Flaw about the field `name`. */
export function wrong(name: string, value: unknown): never {
  const shown = JSON.stringify(value)?.slice(0, 40) ?? phrase("replay.flaw.nothing");
  throw new Flaw("replay.flaw.field", { name, value: shown });
}

/** The fields a table names, checked; others are left out. @param within what the object is, if it is a field itself. */
export function readFields<F extends Fields>(fields: F, raw: Raw, within = ""): FieldsOf<F> {
  const read: Record<string, unknown> = {};
  for (const name in fields) {
    const reader = fields[name] as AnyReader & { readonly isOptional?: true };
    const value = raw[name];
    if (value === undefined && reader.isOptional === true) continue;
    read[name] = reader(value, within + name);
  }
  return read as FieldsOf<F>;
}

/** The fields of an object, or null if one of them is not what it must be. */
export function whole<F extends Fields>(fields: F, raw: Raw): FieldsOf<F> | null {
  try {
    return readFields(fields, raw);
  } catch (error) {
    if (error instanceof Flaw) return null;
    throw error;
  }
}

export const text: Reader<string> = (value, name) => (typeof value === "string" ? value : wrong(name, value));

export const flag: Reader<boolean> = (value, name) => (typeof value === "boolean" ? value : wrong(name, value));

/** Any number that JSON can hold. */
export const number: Reader<number> = (value, name) =>
  typeof value === "number" && Number.isFinite(value) ? value : wrong(name, value);

/** A whole number from 0 on. */
export const count: Reader<number> = (value, name) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : wrong(name, value);

/** A moment or a duration, ms; not one that cannot be. */
export const ms: Reader<number> = (value, name) =>
  typeof value === "number" && value >= 0 && value <= MAX_T_MS ? value : wrong(name, value);

/** Whatever JSON can hold; null where nothing stands. */
export const anything: Reader<unknown> = (value) => value ?? null;

/** The field can be left out. */
export function optional<T>(read: Reader<T>): OptionalReader<T> {
  return Object.assign((value: unknown, name: string) => read(value, name), { isOptional: true } as const);
}

/** Null, also where nothing stands. */
export function orNull<T>(read: Reader<T>): Reader<T | null> {
  return (value, name) => (value === null || value === undefined ? null : read(value, name));
}

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  return (value, name) => words.find((word) => word === value) ?? wrong(name, value);
}

export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, name) =>
    Array.isArray(value) ? value.map((each, i) => read(each, `${name}[${i}]`)) : wrong(name, value);
}

/** Two of them. */
export function pair<T>(read: Reader<T>): Reader<readonly [T, T]> {
  const read2 = list(read);
  return (value, name) => {
    const [one, two, ...more] = read2(value, name);
    return one === undefined || two === undefined || more.length > 0 ? wrong(name, value) : [one, two];
  };
}

/** Any names, each with such a value. */
export function record<T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, name) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(name, value);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, read(each, `${name}.${key}`)]));
  };
}

/** An object with these fields. */
export function object<F extends Fields>(fields: F): Reader<FieldsOf<F>> {
  return (value, name) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(name, value);
    return readFields(fields, value as Raw, `${name}.`);
  };
}

/** A number or a word. */
export const numberOrText: Reader<number | string> = (value, name) =>
  typeof value === "string" ? value : number(value, name);

/** Objects told apart by one field, each kind with its own fields. */
export type Variants = Readonly<Record<string, Fields>>;

/** The objects that a table of variants describes, told apart by the field `By`. */
export type VariantOf<V extends Variants, By extends string> = {
  [K in keyof V]: { readonly [N in By]: K } & FieldsOf<V[K]>;
}[keyof V];

/** One of several kinds of objects, told apart by a field. */
export function variant<V extends Variants, By extends string>(by: By, variants: V): Reader<VariantOf<V, By>> {
  return (value, name) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(name, value);
    const kind = (value as Raw)[by];
    const fields = typeof kind === "string" && Object.hasOwn(variants, kind) ? variants[kind] : undefined;
    if (fields === undefined) return wrong(`${name}.${by}`, kind);
    return { [by]: kind, ...readFields(fields, value as Raw, `${name}.`) } as VariantOf<V, By>;
  };
}
