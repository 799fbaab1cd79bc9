import { createHash } from 'node:crypto';
import { UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { expect, test } from '@jest/globals';
import { ANSWER, never, noise, picture, request, SCHEMA, WORDS } from '../world.ts';
import { good, type Stage } from './stage.ts';

/** What a driver sends and takes when all is well. */
export function testAnswers(stage: Stage): void {
  const { subject } = stage;
  test('shows words and images in order, and takes a structured answer', async () => {
    const server = await stage.start(good);
    const [red, blue] = await Promise.all([picture(64, 48), picture(48, 64, '#2040c0')]);
    const { model } = stage.opened(server);
    const text = (words: string) => ({ kind: 'text', text: words }) as const;
    const asked = request({
      parts: [text('The first picture:'), red, text('The second:'), blue, text(WORDS)],
      usageKind: UsageKind.REFINE,
    });
    const { text: said, json } = await model.ask(asked, never);
    expect(json).toEqual(ANSWER);
    expect(said).toContain('"answers"');
    expect(server.objections).toEqual([]);
    const [seen] = server.asks;
    expect(seen?.model).toBe(subject.model);
    expect(seen?.system).toContain('You judge pictures.');
    expect(seen?.temperature).toBe(model.takesTemperature ? 0 : undefined);
    const digests = [red, blue].map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'));
    expect(seen?.images.map(({ sha256 }) => sha256)).toEqual(digests);
    if (subject.protocol === 'replicate') {
      expect(seen?.texts[0]).toMatch(/The first picture:\s+\[image 1\]\s+The second:\s+\[image 2\]\s+Is/);
    } else {
      expect(seen?.order).toEqual(['text', 'image', 'text', 'image', 'text']);
      expect(seen?.texts).toEqual(['The first picture:', 'The second:', WORDS]);
    }
    if (subject.structured) expect(seen?.schema).toEqual(SCHEMA);
    else expect(seen?.system).toContain(JSON.stringify(SCHEMA, undefined, 2));
  });

  test('takes a picture of several hundred kilobytes', async () => {
    const server = await stage.start(good);
    const large = await noise(400);
    expect(large.bytes.byteLength).toBeGreaterThan(256 * 1_024);
    const { model } = stage.opened(server);
    await model.ask(request({ parts: [large, { kind: 'text', text: WORDS }] }), never);
    expect(server.asks[0]?.images[0]?.bytes.byteLength).toBe(large.bytes.byteLength);
  });

  if (subject.tells) {
    test('tells log-probabilities of tokens that add up to the answer', async () => {
      const alternatives = [{}, { yes: 0.7, no: 0.25, Yes: 0.05 }];
      const json = { answers: [{ id: 'Größe 🍎', answer: 'yes' }] };
      const server = await stage.start({ kind: 'json', json, alternatives });
      const { model } = stage.opened(server, { LOG_PROBABILITIES: 'on' });
      expect(model.logProbabilities).toBe(true);
      const { text, tokens } = await model.ask(request({ logProbabilities: true }), never);
      expect(tokens?.map((token) => token.text).join('')).toBe(text);
      const yes = tokens?.find((token) => token.text === 'yes');
      const p = yes?.top.map((token) => [token.text, Math.exp(token.logProbability).toFixed(2)]);
      expect(p).toEqual([
        ['yes', '0.70'],
        ['no', '0.25'],
        ['Yes', '0.05'],
      ]);
      expect(server.asks[0]?.logProbabilities).toBe(true);
    });

    test('does not ask for log-probabilities unless they are wanted', async () => {
      const server = await stage.start(good);
      const { model } = stage.opened(server, { LOG_PROBABILITIES: 'on' });
      expect((await model.ask(request(), never)).tokens).toBeUndefined();
      expect(server.asks[0]?.logProbabilities).toBe(false);
    });
  }

  test('asks for no log-probabilities of a model that tells none', async () => {
    const server = await stage.start(good);
    const { model } = stage.opened(server, { LOG_PROBABILITIES: 'off' });
    expect(model.logProbabilities).toBe(false);
    expect((await model.ask(request({ logProbabilities: true }), never)).tokens).toBeUndefined();
    expect(server.asks[0]?.logProbabilities).toBe(false);
  });

  test('sends no temperature to a model that takes none', async () => {
    const server = await stage.start(good);
    const { model } = stage.opened(server, { TEMPERATURE: 'off' });
    await model.ask(request({ temperature: 1 }), never);
    expect(model.takesTemperature).toBe(false);
    expect(server.asks[0]?.temperature).toBeUndefined();
  });

  test('shows no images to a model that is not to see any', async () => {
    const server = await stage.start(good);
    const subjectUnderTest = stage.opened(server, { VISION: 'off' });
    const failure = await stage.failing(subjectUnderTest, request({ parts: [await picture(8, 8)] }));
    expect(failure).toMatchObject({ kind: 'invalid_request', usage: [] });
    expect(server.asks).toEqual([]);
  });
}
