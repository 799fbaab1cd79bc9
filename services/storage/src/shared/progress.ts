/**
 * Turns work that reports into a stream of its reports. A report that nobody has read is replaced by a later one; the last
 * one always arrives. Throws what the work throws.
 */
export async function* progressOf<P>(
  work: (report: (progress: P) => void) => Promise<void>,
): AsyncGenerator<P> {
  let latest: P | undefined;
  let isOver = false;
  let changed = Promise.withResolvers<void>();
  const running = work((progress) => {
    latest = progress;
    changed.resolve();
  }).finally(() => {
    isOver = true;
    changed.resolve();
  });
  // Whoever still reads is told below; where nobody reads any more, nobody is left to tell.
  running.catch(() => undefined);
  for (;;) {
    const progress = latest;
    latest = undefined;
    if (progress !== undefined) yield progress;
    else if (isOver) break;
    else {
      await changed.promise;
      changed = Promise.withResolvers();
    }
  }
  await running;
}
