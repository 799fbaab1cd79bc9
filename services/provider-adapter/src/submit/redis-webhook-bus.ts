import { onRedis, type RedisConnections } from '@atelier/coordination';
import { REMEMBERED_MS, type WebhookBus } from './webhook-desk.ts';

const SEEN = 'atelier:adapter:webhook:';
const CHANNEL = 'atelier:adapter:webhooks';

/** The bus between replicas: whichever takes a webhook tells the one that waits for it. */
export class RedisWebhookBus implements WebhookBus {
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
  }

  async publish(id: string, subject: string): Promise<boolean> {
    const { commands } = this.#redis;
    const isNew = await onRedis(() => commands.set(SEEN + id, '1', 'PX', REMEMBERED_MS, 'NX'));
    if (isNew !== 'OK') return false;
    await onRedis(() => commands.publish(CHANNEL, subject));
    return true;
  }

  subscribe(listener: (subject: string) => void): void {
    // Without it jobs are polled, as they are where no webhook comes.
    this.#redis.subscribe(CHANNEL, listener).catch(() => {});
  }
}
