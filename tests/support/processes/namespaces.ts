/**
 * Worlds of their own for a test that mounts something or runs into a limit of its user's: with nothing asked of root where
 * the system lets everybody have a user namespace. Where it does not, such tests are skipped: their names are printed.
 */
const works = (command: readonly string[]) => Bun.spawnSync([...command, "true"], { stderr: "ignore" }).exitCode === 0;
const first = (...commands: (readonly string[])[]) => commands.find(works)?.join(" ") ?? null;

/** What begins a command that may mount, unseen by others, and is root to itself; null if there is no such thing here. */
export const mounting = first(["unshare", "--user", "--map-root-user", "--mount"]);

/**
 * What begins a bash command whose user has no other processes, so that `ulimit -u` limits it alone (it never limits root),
 * and who may use this test's files; null if there is no such thing here.
 */
export const alone =
  process.getuid?.() === 0
    ? first(["setpriv", "--reuid=65533", "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"])
    : first(["unshare", "--user", "--map-current-user"]);
