/** Errors of user code that nobody caught: in a timer, in a promise nobody waits for. */

/**
 * Hears of them. Where the user's code has a handler of its own, that one decides, as it would without lanes; a rejection
 * without a handler is an error that nobody caught.
 */
export function onUncaught(handle: (error: unknown) => void): void {
  const uncaught = (error: unknown): void => {
    if (process.listenerCount("uncaughtException") < 2) handle(error);
  };
  process.on("uncaughtException", uncaught);
  process.on("unhandledRejection", (error) => {
    if (process.listenerCount("unhandledRejection") > 1) return;
    const handlers = process.listeners("uncaughtException").filter((handler) => handler !== uncaught);
    if (handlers.length === 0) handle(error);
    for (const handler of handlers) handler(error as Error, "unhandledRejection");
  });
}
