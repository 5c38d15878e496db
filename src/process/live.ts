/** Everything that was started here and has not ended, whoever started it: the demos' processes, a user's own. */

/** How long a process that was asked to end (TERM) has before it is killed, ms. */
export const GRACE_MS = 500;

/** What can be ended. */
export interface Endable {
  /** Ends it at once (SIGKILL). */
  kill(): void;
  /** Ends it: SIGTERM, after `graceMs` SIGKILL. Resolves when it has ended. */
  stop(graceMs: number): Promise<void>;
  /** Resolves when it has ended. */
  join(): Promise<unknown>;
}

const live = new Set<Endable>();
const watchers = new Set<() => void>();

/** It has been started, and is one of {@link allLive} until the promise resolves. */
export function nowLive(process: Endable, ended: Promise<unknown>): void {
  live.add(process);
  for (const watcher of watchers) watcher();
  void ended.then(() => {
    live.delete(process);
    for (const watcher of watchers) watcher();
  });
}

/** What has been started and has not ended. */
export function allLive(): readonly Endable[] {
  return [...live];
}

/** Calls back after each start and each end. */
export function onLiveChange(watcher: () => void): void {
  watchers.add(watcher);
}
