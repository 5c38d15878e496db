/** What is typed may hold a password; what is kept or shown of it must not. */

/** The address of a database as it may be shown: also where it stands in a word such as `--on=postgres://…`. */
export const withoutPassword = (text: string): string =>
  text
    .replace(/(postgres(?:ql)?:\/\/[^/?#@:]*):[^/?#]*@/, "$1@")
    .replace(/(postgres(?:ql)?:[^?]*\?(?:[^#]*&)?password=)[^&#]*/, "$1…");
