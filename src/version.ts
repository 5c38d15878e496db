/** What this build is: scripts/build puts the constants in; from source there are none, and the fall-backs say so. */

declare const LANES_VERSION: string | undefined;
declare const LANES_COMMIT: string | undefined;
declare const LANES_TARGET: string | undefined;

/** The release, X.Y.Z. */
export const version = typeof LANES_VERSION === "string" ? LANES_VERSION : "1.1.0";
/** The commit it was built from, 12 hex digits; `source` when it runs from source. */
export const commit = typeof LANES_COMMIT === "string" ? LANES_COMMIT : "source";
/** The platform it was built for, in the words of `bun build --target`. */
export const target = typeof LANES_TARGET === "string" ? LANES_TARGET : `bun-${process.platform}-${process.arch}`;
/** Tells one build from another: a parent and a worker of different builds must not talk to each other. */
export const buildId = `${version}-${commit}`;
