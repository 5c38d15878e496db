/**
 * Telling what user code threw, whatever it is: any value can be thrown, and nothing of it can be relied on. A getter, a
 * Proxy's trap, a toString may throw itself; causes may form a circle; a message may have megabytes. Always true here:
 * telling never throws, always ends, and what it returns is plain data of bounded size.
 */

/** An error as plain data, which can be sent and printed. */
export interface ErrorData {
  /** Empty for what is no error: a string, a number, any object. */
  readonly name: string;
  readonly message: string;
  /** `Name: message`, then the user's own frames; empty if there are none. */
  readonly stack: string;
  /** What else it carries: `code`, `errno`, `status`, `path` … */
  readonly fields?: Readonly<Record<string, Primitive>>;
  readonly cause?: ErrorData;
  /** The errors of an AggregateError. */
  readonly errors?: readonly ErrorData[];
}

type Primitive = string | number | boolean | null;

/** Characters of a name, a message, a field; frames of a stack. */
const MOST_NAME = 200;
const MOST_MESSAGE = 32_768;
const MOST_FIELD = 1_000;
const MOST_FIELDS = 12;
const MOST_FRAMES = 60;
/** A stack is read from its end: a long message stands before the frames. */
const MOST_STACK = 65_536;
/** How many errors are told in all: causes, causes of causes, parts of an AggregateError. */
const MOST_ERRORS = 24;

/** Frames inside this executable or the npm package, and (from source) inside this folder. */
const OWN_FRAME =
  /\$bunfs|native code|\(native:\d|bun:wrap|node:async_hooks|\/src\/(?:pool\/|thrown\.ts)|\/node_modules\/lanes\/lib\/|^\s+at (?:processTicksAndRejections|asyncModuleEvaluation|<anonymous>)\b/;
const NOT_FIELDS = new Set([
  "name",
  "message",
  "stack",
  "cause",
  "errors",
  "line",
  "column",
  "sourceURL",
  "originalLine",
]);

/** What was thrown, as data. */
export function tell(thrown: unknown): ErrorData {
  return new Teller().tell(thrown);
}

/** What was thrown, as lines for a person: name and message, its frames, its causes further in. */
export function tellText(thrown: unknown): string {
  return textOf(tell(thrown));
}

/** An error's data as lines. */
export function textOf(error: ErrorData): string {
  return [headOf(error), ...linesBelow(error)].join("\n");
}

/** `HttpError: not found (status 404)`: name, message, and what it carries, but for what its message says already. */
export function headOf({ name, message, fields = {} }: ErrorData): string {
  const told = Object.entries(fields).filter(
    ([key, value]) => !message.includes(String(value)) && !(key === "errno" && fields.code !== undefined),
  );
  const carried = told.length === 0 ? "" : ` (${told.map(([key, value]) => `${key} ${value}`).join(", ")})`;
  return `${name === "" ? "" : `${name}: `}${message}${carried}`;
}

/** What is told of an error below that: where it was thrown, the errors in it, its cause. */
export function linesBelow({ name, message, stack, errors = [], cause }: ErrorData): string[] {
  const head = `${name}: ${message}`;
  const frames = (stack.startsWith(head) ? stack.slice(head.length) : stack).split("\n").filter((line) => line !== "");
  const inner = [...errors.map(textOf), ...(cause === undefined ? [] : [`cause: ${textOf(cause)}`])];
  return [...frames, ...inner.flatMap((text) => text.split("\n")).map((line) => `  ${line}`)];
}

class Teller {
  readonly #seen = new Set<object>();

  tell(thrown: unknown): ErrorData {
    try {
      return this.#tell(thrown);
    } catch {
      return plain("what was thrown cannot be told");
    }
  }

  #tell(thrown: unknown): ErrorData {
    if ((typeof thrown !== "object" && typeof thrown !== "function") || thrown === null) {
      return plain(cut(String(thrown), MOST_MESSAGE));
    }
    if (this.#seen.has(thrown)) return plain("[Circular]");
    if (this.#seen.size >= MOST_ERRORS) return plain("…");
    this.#seen.add(thrown);
    if (!isError(thrown)) return plain(inspected(thrown));
    const name = nameOf(thrown);
    const message = messageOf(thrown);
    const frames = framesIn(thrown);
    const cause = read(thrown, "cause");
    const errors = listed(read(thrown, "errors"));
    const fields = fieldsOf(thrown);
    return {
      name,
      message,
      stack: frames.length === 0 ? "" : [`${name}: ${message}`, ...frames].join("\n"),
      ...(fields === null ? {} : { fields }),
      // A method of that name (VError's) is no cause.
      ...(cause === undefined || cause === null || typeof cause === "function" ? {} : { cause: this.tell(cause) }),
      ...(errors.length === 0 ? {} : { errors: errors.map((error) => this.tell(error)) }),
    };
  }
}

const plain = (message: string): ErrorData => ({ name: "", message, stack: "" });

/** Whether a value is an error: of this realm, of another, or what behaves like one. */
function isError(value: object): boolean {
  try {
    if (Error.isError(value) || value instanceof Error) return true;
  } catch {
    // a Proxy may forbid even that question
  }
  return typeof read(value, "message") === "string" && typeof read(value, "stack") === "string";
}

/** A property of anything; undefined if to look at it throws. */
export function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function nameOf(error: object): string {
  const name = read(error, "name");
  if (typeof name === "string" && name !== "") return cut(name, MOST_NAME);
  const made = read(error, "constructor");
  const type = typeof made === "function" ? read(made, "name") : undefined;
  return typeof type === "string" && type !== "" ? cut(type, MOST_NAME) : "Error";
}

function messageOf(error: object): string {
  const message = read(error, "message");
  if (typeof message === "string") return cut(message, MOST_MESSAGE);
  return message === undefined ? "" : inspected(message);
}

function framesIn(error: object): string[] {
  const stack = read(error, "stack");
  if (typeof stack !== "string") return [];
  const lines = stack.slice(-MOST_STACK).split("\n");
  const frames = lines.filter((line) => /^\s+at /.test(line) && !OWN_FRAME.test(line));
  return frames.slice(0, MOST_FRAMES).map((line) => cut(line, MOST_FIELD));
}

/** A stack as the user may see it: without the frames inside this executable. */
export function ownFramesLeftOut(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !/^\s+at /.test(line) || !OWN_FRAME.test(line))
    .join("\n");
}

/**
 * The user's frames of a stack, in a form in which Bun shows where they are: of an error whose stack has a frame that is a place
 * alone, it shows the place where lanes made the error.
 */
export function userFrames(stack: string): string[] {
  return ownFramesLeftOut(stack)
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.replace(/^(\s+at )(\S*?:\d+:\d+)$/, "$1<anonymous> ($2)"));
}

/** Its own properties of a simple kind; null if there are none. */
function fieldsOf(error: object): Record<string, Primitive> | null {
  const fields: Record<string, Primitive> = {};
  let count = 0;
  // `code` may be anywhere, and what is looked for first comes first.
  for (const key of ["code", ...keysOf(error)]) {
    if (NOT_FIELDS.has(key) || key in fields || count >= MOST_FIELDS) continue;
    const value = read(error, key);
    const simple = typeof value === "bigint" ? `${value}` : value;
    if (typeof simple === "string") fields[key] = cut(simple, MOST_FIELD);
    else if (typeof simple === "boolean" || (typeof simple === "number" && Number.isFinite(simple)))
      fields[key] = simple;
    else continue;
    count++;
  }
  // An old DOMException's code is 0 or a number that nobody knows: its name says it.
  if (read(error, "ABORT_ERR") !== undefined) delete fields.code;
  return Object.keys(fields).length === 0 ? null : fields;
}

function keysOf(value: object): string[] {
  try {
    return Object.keys(value).slice(0, 100);
  } catch {
    return [];
  }
}

/** The first few of a list; none if it is none. */
function listed(value: unknown): unknown[] {
  try {
    return Array.isArray(value) ? value.slice(0, MOST_ERRORS) : [];
  } catch {
    return [];
  }
}

/** Anything that is no error, as Bun shows it. */
function inspected(value: unknown): string {
  try {
    // Of a Proxy that throws at every touch Bun.inspect now and then shows the line of source it was made at.
    if (typeof value === "object" && value !== null) Reflect.ownKeys(value);
    return cut(Bun.inspect(value, { depth: 3 }), MOST_MESSAGE);
  } catch {
    return `a value of type ${typeof value} that cannot be shown`;
  }
}

/** The text, or its beginning and how long it is. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}
