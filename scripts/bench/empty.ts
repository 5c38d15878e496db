/** The yardstick: a compiled Bun program that does nothing. */
if (process.argv.length > 99) throw new Error("never");
