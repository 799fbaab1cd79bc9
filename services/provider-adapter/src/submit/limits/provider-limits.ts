import type { Provider } from '../../providers/provider.ts';

/** What of a provider bounds its requests. */
export type Bounded = Pick<Provider, 'name' | 'concurrency' | 'rate' | 'isInProcess'>;

/** Keeps the requests to each provider instance within its bounds. */
export interface ProviderLimits extends AsyncDisposable {
  /**
   * Does some work once there is a place for it among the instance's requests. What waits for a place when the signal is
   * aborted does not wait any longer, and rejects with its reason; work that has begun goes on.
   */
  within<T>(provider: Bounded, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Waits until the instance's rate allows one more request. Rejects with the signal's reason. */
  pace(provider: Bounded, signal: AbortSignal): Promise<void>;
  /** Has everybody wait for so many milliseconds, since the provider said so. Never throws. */
  pause(provider: Bounded, ms: number): void;
}
