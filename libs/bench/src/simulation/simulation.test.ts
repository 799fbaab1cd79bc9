import { describe, expect, test } from '@jest/globals';
import { holds, measureGain, measureGate } from './experiments.ts';
import { helpful, useless, yesSayer } from './worlds.ts';

const CYCLES = 2_000;
const rules = { maxRounds: 4, plateauRounds: 3 };

describe.each([
  ['one image', helpful, 1],
  ['the best of four', helpful, 4],
  ['a judge that says yes to all', yesSayer, 1],
] as const)('the gate, %s', (_, world, images) => {
  test('approves as often as its rates say, and as many of these are good', async () => {
    const { approved, approvedComputed, good, goodComputed } = await measureGate(
      world,
      images,
      CYCLES,
      5_000,
    );
    expect(holds(approved, approvedComputed)).toBe(true);
    expect(holds(good, goodComputed)).toBe(true);
    expect(approved.high - approved.low).toBeLessThan(0.08);
  });
});

describe.each([1, 2])('refinement, %i candidates a round', (candidatesPerRound) => {
  test('beats as many images by the same rules where rewriting has an effect', async () => {
    const { gain, images, worseThanFirst, unjustified } = await measureGain(
      helpful,
      { ...rules, candidatesPerRound },
      CYCLES,
      9_000,
    );
    expect(gain.low).toBeGreaterThan(0);
    expect(images.cycle).toBeLessThanOrEqual(images.control);
    expect([worseThanFirst, unjustified]).toEqual([0, 0]);
  });

  test('makes no difference where rewriting has none', async () => {
    const { gain, images, worseThanFirst, unjustified } = await measureGain(
      useless,
      { ...rules, candidatesPerRound },
      CYCLES,
      9_000,
    );
    expect(gain.low).toBeLessThan(0);
    expect(gain.high).toBeGreaterThan(0);
    expect(gain.high - gain.low).toBeLessThan(0.08);
    expect(images.cycle / images.control).toBeCloseTo(1, 1);
    expect([worseThanFirst, unjustified]).toEqual([0, 0]);
  });
});
