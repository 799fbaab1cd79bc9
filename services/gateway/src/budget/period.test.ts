import { expect, test } from '@jest/globals';
import { periodEnd, periodKey, periodStart } from './period.ts';

test.each([
  ['2026-11-22T23:59:59.999Z', '2026-11-22', '2026-11-23', '2026-11', '2026-11-01', '2026-12-01'],
  ['2026-12-31T00:00:00.000Z', '2026-12-31', '2027-01-01', '2026-12', '2026-12-01', '2027-01-01'],
  ['2028-02-29T12:00:00.000Z', '2028-02-29', '2028-03-01', '2028-02', '2028-02-01', '2028-03-01'],
])('%s falls in its day and month in UTC', (text, day, dayEnd, month, monthStart, monthEnd) => {
  const at = new Date(text);
  const dates = [
    periodStart('day', at),
    periodEnd('day', at),
    periodStart('month', at),
    periodEnd('month', at),
  ];
  const expected = [day, dayEnd, monthStart, monthEnd].map((date) => new Date(`${date}T00:00:00Z`));
  expect(dates).toEqual(expected);
  expect([periodKey('day', at), periodKey('month', at)]).toEqual([day, month]);
});
