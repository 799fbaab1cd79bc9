import { CostBasis, type Usage, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { expect, test } from '@jest/globals';
import { never, picture, request, WORDS } from '../world.ts';
import { good, type Stage } from './stage.ts';

/** What asking costs. */
export function testMoney(stage: Stage): void {
  const { subject } = stage;
  test('usage, estimate and price belong together', async () => {
    const server = await stage.start(good);
    const { model } = stage.opened(server);
    const asked = request({ parts: [await picture(640, 480), { kind: 'text', text: WORDS }] });
    const { usage } = await model.ask(asked, never);
    expect(usage.map(({ unit }) => unit)).toEqual(['input_token', 'output_token']);
    for (const { kind, model: name, unitPriceMicroUsd, priceVersion, units: count, cost } of usage) {
      expect(kind).toBe(UsageKind.JUDGE);
      expect(name).toBe(`judges/qwen@${subject.model}`);
      expect(count).toBeGreaterThan(0);
      if (model.priced) {
        expect(cost?.basis).toBe(CostBasis.ACTUAL);
        expect(Number(cost?.microUsd)).toBe(Math.round(count * (unitPriceMicroUsd ?? Number.NaN)));
        expect(priceVersion).toMatch(/^\d{4}-\d\d-\d\d$/);
      } else {
        expect(cost).toMatchObject({ basis: CostBasis.UNKNOWN });
        expect(cost?.microUsd).toBeUndefined();
        expect(priceVersion).toBe('');
      }
    }
    const estimate = model.estimate(asked);
    if (model.priced) expect(estimate.microUsd).toBeGreaterThanOrEqual(total(usage));
    else expect(estimate).toMatchObject({ basis: CostBasis.UNKNOWN });
  });

  test('an operator’s price goes before ours, and may be nothing', async () => {
    const server = await stage.start(good);
    const { model } = stage.opened(server, { PRICE_INPUT: '0', PRICE_OUTPUT: '2.5' });
    const { usage } = await model.ask(request({ usageKind: UsageKind.EXPAND }), never);
    expect(model.priced).toBe(true);
    expect(usage.map(({ model: name }) => name)).toEqual(Array(2).fill(`llms/qwen@${subject.model}`));
    expect(usage[0]?.cost).toMatchObject({ microUsd: 0n, basis: CostBasis.ACTUAL });
    expect(usage[1]).toMatchObject({ unitPriceMicroUsd: 2.5, priceVersion: 'configured' });
    expect(model.estimate(request()).microUsd).toBeGreaterThanOrEqual(500n);
  });
}

function total(usage: readonly Usage[]): bigint {
  return usage.reduce((sum, { cost }) => sum + (cost?.microUsd ?? 0n), 0n);
}
