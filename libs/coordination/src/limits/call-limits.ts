/** At most so many requests in so many seconds. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

/** What of an outside service bounds the requests to it. */
export interface Bounded {
  /** Name of the instance. */
  readonly name: string;
  /** Requests at once, of all replicas together. */
  readonly concurrency: number;
  /** How often requests may leave, of all replicas together; undefined where nobody says. */
  readonly rate?: Rate | undefined;
  /** Whether it works in this process, so that its bounds are each replica's own. */
  readonly isInProcess?: boolean;
}

/** Keeps the requests to each instance of an outside service within its bounds. */
export interface CallLimits extends AsyncDisposable {
  /**
   * Does some work once there is a place for it among the instance's requests. What waits for a place when the signal is
   * aborted does not wait any longer, and rejects with its reason; work that has begun goes on.
   */
  within<T>(bounded: Bounded, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Waits until the instance's rate allows one more request. Rejects with the signal's reason. */
  pace(bounded: Bounded, signal: AbortSignal): Promise<void>;
  /** Has everybody wait for so many milliseconds, since the service said so. Never throws. */
  pause(bounded: Bounded, ms: number): void;
}
