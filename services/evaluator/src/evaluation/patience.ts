/** Share of the time left, and bounds of it in milliseconds, that is kept back for putting the answer together. */
const SHARE = 0.05;
const LEAST_MS = 250;
const MOST_MS = 5_000;

/** Longest time that a timer can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * How long judges are waited for: until a little before the caller gives up, so that what the others answered, and what all of
 * them used, still reaches it.
 */
export function patienceOf(
  { signal, deadline }: { readonly signal: AbortSignal; readonly deadline: Date | undefined },
  now = Date.now(),
): AbortSignal {
  if (deadline === undefined) return signal;
  const left = Math.max(0, deadline.getTime() - now);
  const reserve = Math.min(left, Math.max(LEAST_MS, Math.min(MOST_MS, left * SHARE)));
  return AbortSignal.any([signal, AbortSignal.timeout(Math.min(MAX_TIMER_MS, Math.floor(left - reserve)))]);
}
