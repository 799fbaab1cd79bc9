import { expect, test } from '@jest/globals';
import { reportOf, share, table } from './report.ts';
import type { Trial } from './trial.ts';

const trial = (change: Partial<Trial>): Trial => ({
  project: 'p',
  brief: 'b',
  seed: 1,
  approvedAtFirst: false,
  approved: true,
  outcome: 'APPROVED',
  rounds: 2,
  images: 2,
  failed: [],
  control: false,
  ...change,
});

test('intervals are those that Wilson gives', () => {
  expect(share(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 4) });
  expect(share(10, 20)).toMatchObject({ low: expect.closeTo(0.2993, 4), high: expect.closeTo(0.7007, 4) });
  expect(share(0, 0)).toMatchObject({ low: 0, high: 1 });
});

test('a report counts both arms, and only what kept an image from approval', () => {
  const report = reportOf('p', [
    trial({ approvedAtFirst: true, control: true, rounds: 1, images: 1 }),
    trial({ failed: ['soft'] }),
    trial({ approved: false, outcome: 'EXHAUSTED', failed: ['count', 'ground'], rounds: 3, images: 3 }),
  ]);
  expect(report).toMatchObject({
    trials: 3,
    approvedAtFirst: { count: 1 },
    approved: { count: 2 },
    control: { count: 1 },
    rounds: 6,
    images: 6,
    failures: { count: 1, ground: 1 },
  });
  expect(table([report]).split('\n')[2]).toMatch(/^p +3 +33 % \(6-79\) +67 %/);
});
