/**
 * Whether this process goes on while nothing happens in it. lanes itself waits for what the event loop knows nothing of (a
 * lock that another process holds), so it stays awake until it exits; a program of the user's ends as any program does,
 * when there is nothing left for it to do.
 */

let timer: ReturnType<typeof setInterval> | undefined;
const forever = () => setInterval(() => {}, 2 ** 31 - 1);

/**
 * Stays until process.exit. While only a promise is pending, which the event loop knows nothing of, Bun 1.4.5 ends or polls
 * without pausing, a whole core; a timer that never comes due makes it sleep (tests/unit/os/bun.test.ts looks whether it is so).
 */
export function stayAwake(): void {
  timer ??= forever();
}

/** From now on this process ends by itself when there is nothing left to do, with `process.exitCode`. */
export function endWhenIdle(): void {
  clearInterval(timer);
}

/** Stays until it is disposed of: for a wait in a program of the user's that the event loop knows nothing of. */
export function keepAwake(): Disposable {
  const wait = forever();
  return { [Symbol.dispose]: () => clearInterval(wait) };
}

/** What never comes: for who has called {@link endWhenIdle} and owes an exit code. */
export const never = new Promise<never>(() => {});
