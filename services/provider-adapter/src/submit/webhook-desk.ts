import type { JobWebhook } from '../providers/provider.ts';

/** Replays are known for so long, in milliseconds: longer than any provider's window of time stamps. */
export const REMEMBERED_MS = 3_600_000;

/** How a webhook reaches the replica that waits for it. */
export interface WebhookBus {
  /** Tells all replicas of a webhook. False where its id was told before. */
  publish(id: string, subject: string, now: Date): Promise<boolean>;
  /** Calls the listener for every webhook that any replica took. */
  subscribe(listener: (subject: string) => void): void;
}

/**
 * Where webhooks and the jobs that wait for them meet. A webhook is never believed: it only ends a pause, after which the
 * job is looked up.
 */
export class WebhookDesk {
  readonly #publicUrl: string;
  readonly #bus: WebhookBus;
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();

  /** `publicUrl` is where the gateway can be reached from outside. */
  constructor(publicUrl: string, bus: WebhookBus) {
    this.#publicUrl = publicUrl.replace(/\/+$/, '');
    this.#bus = bus;
    bus.subscribe((subject) => {
      this.#waiting.get(subject)?.resolve();
      this.#waiting.delete(subject);
    });
  }

  /** The webhooks of one submission of a provider instance, to be disposed of when nobody waits for them any more. */
  of(provider: string, key: string): JobWebhook & Disposable {
    const subject = `${provider}/${key}`;
    return {
      url: `${this.#publicUrl}/webhooks/${provider}/${encodeURIComponent(key)}`,
      woken: () => {
        const waiting = this.#waiting.get(subject) ?? Promise.withResolvers<void>();
        this.#waiting.set(subject, waiting);
        return waiting.promise;
      },
      [Symbol.dispose]: () => void this.#waiting.delete(subject),
    };
  }

  /** Takes a webhook that was found genuine. False for a replay. */
  take(provider: string, key: string, id: string, now: Date): Promise<boolean> {
    return this.#bus.publish(`${provider}/${id}`, `${provider}/${key}`, now);
  }
}

/** The bus within one process. */
export class LocalWebhookBus implements WebhookBus {
  readonly #listeners: ((subject: string) => void)[] = [];
  readonly #seen = new Map<string, number>();

  async publish(id: string, subject: string, now: Date): Promise<boolean> {
    for (const [seen, time] of this.#seen) {
      if (time > now.getTime() - REMEMBERED_MS) break;
      this.#seen.delete(seen);
    }
    if (this.#seen.has(id)) return false;
    this.#seen.set(id, now.getTime());
    for (const listener of this.#listeners) listener(subject);
    return true;
  }

  subscribe(listener: (subject: string) => void): void {
    this.#listeners.push(listener);
  }
}
