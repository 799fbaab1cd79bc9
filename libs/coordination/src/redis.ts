import { unavailable } from '@atelier/rpc';
import { Redis } from 'ioredis';

/** How often a command is tried on a new connection before it fails, so that a call does not hang while Redis is away. */
const TRIES = 2;

/** Silence after a command for which a connection counts as lost, in milliseconds: its other end may be gone without a word. */
const SILENCE_MS = 3_000;

const LONGEST_PAUSE_MS = 1_000;

/** Channels by which replicas tell each other something. */
export type Listener = (message: string) => void;

/** The connections of one process to Redis. */
export interface RedisConnections extends AsyncDisposable {
  readonly commands: Redis;
  /** Calls a listener for every message of a channel. Resolves once messages come. */
  subscribe(channel: string, listener: Listener): Promise<void>;
}

/** Opens the connections. Does not wait for them: commands fail with UNAVAILABLE until Redis answers. */
export function openRedis(
  url: string,
  onError: (error: Error) => void,
  silenceMs = SILENCE_MS,
): RedisConnections {
  const options = {
    socketTimeout: silenceMs,
    // What is let go of has been answered, or is not waited for.
    disconnectTimeout: 100,
    maxRetriesPerRequest: TRIES,
    retryStrategy: (times: number) => Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(times, 6)),
    enableAutoPipelining: true,
  };
  const commands = new Redis(url, options);
  // A connection that listens can do nothing else. The client would subscribe again by itself, and leave it unheard when that
  // fails, as it does where the connections are closed meanwhile: that would end the process.
  const subscriber = new Redis(url, { ...options, maxRetriesPerRequest: null, autoResubscribe: false });
  commands.on('error', onError);
  subscriber.on('error', onError);
  const listeners = new Map<string, Listener[]>();
  subscriber.on('ready', () => {
    if (listeners.size > 0) subscriber.subscribe(...listeners.keys()).catch(() => {});
  });
  subscriber.on('message', (channel: string, message: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(message);
  });
  return {
    commands,
    async subscribe(channel, listener) {
      const present = listeners.get(channel);
      if (present !== undefined) {
        present.push(listener);
        return;
      }
      listeners.set(channel, [listener]);
      await subscriber.subscribe(channel);
    },
    async [Symbol.asyncDispose]() {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

/** Runs something on Redis. Rejects with UNAVAILABLE where Redis cannot be reached. */
export async function onRedis<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unavailable('The store that coordinates replicas cannot be reached.', {
      reason: 'SERVICE_UNREACHABLE',
      metadata: { service: 'redis' },
      retryAfterMs: 1_000,
      cause,
    });
  }
}
