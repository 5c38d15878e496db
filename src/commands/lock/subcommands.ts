/** The words of `lanes lock` that are commands of their own; apart from the lock, which the menu need not load. */
export const lockSubcommands = ["status", "break"] as const;
