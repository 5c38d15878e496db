/** The results of promises in the order in which they come: Python's concurrent.futures.as_completed. @throws the first error. */
export async function* asCompleted<T>(promises: Iterable<Promise<T> | T>): AsyncGenerator<T, undefined> {
  const arrived: (() => T)[] = [];
  let change = Promise.withResolvers<void>();
  const arrive = (give: () => T) => {
    arrived.push(give);
    change.resolve();
  };
  let waiting = 0;
  for (const promise of promises) {
    waiting++;
    Promise.resolve(promise).then(
      (value) => arrive(() => value),
      (error: unknown) =>
        arrive(() => {
          throw error;
        }),
    );
  }
  for (; waiting > 0; waiting--) {
    while (arrived.length === 0) {
      await change.promise;
      change = Promise.withResolvers();
    }
    yield (arrived.shift() as () => T)();
  }
}
