/** Whether a text is well-formed XML, as far as our pictures use it: elements, attributes, entities, text. */

const NAME = /^[A-Za-z_][\w.:-]*$/;
/** What XML 1.0 does not allow anywhere. */
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text directly in it. */
  text: string;
}

/** Its elements in the order in which they begin. @throws Error where it is not well-formed. */
export function parseXml(source: string): XmlElement[] {
  if (FORBIDDEN.test(source) || !source.isWellFormed()) throw new Error("a character that XML does not allow");
  const all: XmlElement[] = [];
  const open: XmlElement[] = [];
  const body = source.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  let at = 0;
  for (const { 0: tag, 1: closing, 2: name = "", 3: rest = "", index } of body.matchAll(/<(\/?)([^\s/>]*)([^>]*)>/g)) {
    const between = decoded(body.slice(at, index));
    at = index + tag.length;
    const inner = open.at(-1);
    if (inner !== undefined) inner.text += between;
    else if (between.trim() !== "") throw new Error(`text outside of the root: ${between}`);
    if (!NAME.test(name)) throw new Error(`not an element: ${tag}`);
    if (closing === "/") {
      if (open.pop()?.name !== name) throw new Error(`${tag} closes what is not open`);
      continue;
    }
    if (inner === undefined && all.length > 0) throw new Error("two roots");
    const element = { name, attributes: attributesOf(rest.replace(/\/$/, ""), tag), text: "" };
    all.push(element);
    if (!rest.endsWith("/")) open.push(element);
  }
  if (open.length > 0 || body.slice(at).trim() !== "") throw new Error("it does not end");
  return all;
}

function attributesOf(text: string, tag: string): Record<string, string> {
  const found: Record<string, string> = {};
  const rest = text.replace(/\s+([A-Za-z_][\w.:-]*)="([^"<]*)"/g, (_, name: string, value: string) => {
    if (name in found) throw new Error(`${name} twice: ${tag}`);
    found[name] = decoded(value);
    return "";
  });
  if (rest.trim() !== "") throw new Error(`not attributes: ${tag}`);
  return found;
}

function decoded(text: string): string {
  if (text.includes("<") || text.includes(">")) throw new Error(`not escaped: ${text.slice(0, 80)}`);
  const known: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const character = known[name];
    if (character === undefined || !whole.endsWith(";")) throw new Error(`not an entity: ${whole}`);
    return character;
  });
}
