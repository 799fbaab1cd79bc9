import { expect, test } from '@jest/globals';
import { LocalWebhookBus, WebhookDesk } from './webhook-desk.ts';

const desk = () => new WebhookDesk('https://atelier.example/', new LocalWebhookBus());

test('a webhook wakes whoever waits for it, once', async () => {
  const subject = desk();
  const webhook = subject.of('fal', 'g/1');
  expect(webhook.url).toBe('https://atelier.example/webhooks/fal/g%2F1');
  const woken = webhook.woken();
  expect(webhook.woken()).toBe(woken);
  expect(await subject.take('fal', 'g/1', 'event-1', new Date(0))).toBe(true);
  await woken;
  expect(webhook.woken()).not.toBe(woken);
});

test('nothing is kept for a submission that nobody waits for any more', () => {
  const subject = desk();
  const webhook = subject.of('fal', 'g/1');
  const kept = webhook.woken();
  webhook[Symbol.dispose]();
  expect(subject.of('fal', 'g/1').woken()).not.toBe(kept);
});
