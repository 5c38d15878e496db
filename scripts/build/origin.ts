/** Where the sources come from: the commit, whether they were changed since, and when it was made. */

export interface Origin {
  /** 12 hex digits, `-dirty` behind them if a file differs from the commit or is new; `unknown` outside of a git clone. */
  readonly commit: string;
  /** When the commit was made, s since 1970; 0 if there is none. */
  readonly epochSeconds: number;
}

/** What git says of a checkout. A folder inside somebody else's clone is not taken for a part of it. */
export function originOf(root: string): Origin {
  const git = (...args: string[]): string | undefined => {
    try {
      const done = Bun.spawnSync(["git", "-C", root, ...args], { stderr: "ignore" });
      return done.exitCode === 0 ? done.stdout.toString().trim() : undefined;
    } catch {
      return undefined; // no git on this machine
    }
  };
  const commit = git("rev-parse", "--show-prefix") === "" ? git("rev-parse", "--short=12", "HEAD") : undefined;
  if (commit === undefined) return { commit: "unknown", epochSeconds: 0 };
  const changed = git("status", "--porcelain") !== "";
  return {
    commit: changed ? `${commit}-dirty` : commit,
    epochSeconds: Number(git("log", "-1", "--format=%ct") ?? 0),
  };
}
