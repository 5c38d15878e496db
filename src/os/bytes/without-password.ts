/** Addresses of databases as they may be shown and kept. */

/** A text without the passwords of the addresses in it: `postgres://me:secret@host/farm` becomes `postgres://me@host/farm`. */
export function withoutPassword(text: string): string {
  if (!/postgres(ql)?:/.test(text)) return text;
  return text
    .replace(/(postgres(?:ql)?:\/\/[^/?#@:]*):[^/?#]*@/g, "$1@")
    .replace(/([?&])password=[^&#]*&?/g, "$1")
    .replace(/[?&]+(?=#|$)/, "");
}
