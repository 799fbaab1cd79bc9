import { unavailable } from '../errors/constructors.ts';
import type { Runtime } from './runtime.ts';

/** How long handlers get, once told to stop, to send their last word. Milliseconds. */
const LAST_WORD_MS = 250;

/**
 * Lets what is in flight finish, for so many milliseconds at most; then aborts the rest with UNAVAILABLE, which callers
 * repeat elsewhere. `closed` resolves when the transport has no call left.
 */
export async function drainRuntime(runtime: Runtime, graceMs: number, closed: Promise<void>): Promise<void> {
  const finished = Promise.all([closed, runtime.inFlight.idle()]).then((): true => true);
  if (await within(finished, graceMs)) return;
  runtime.log.warn({ calls: runtime.inFlight.count }, 'drain ran out of time');
  runtime.stopping.abort(unavailable('The server is shutting down.', { reason: 'DRAINING' }));
  await within(finished, LAST_WORD_MS);
}

async function within(promise: Promise<true>, ms: number): Promise<boolean> {
  const { promise: timedOut, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([promise, timedOut]);
  } finally {
    clearTimeout(timer);
  }
}
