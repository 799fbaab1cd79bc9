import { Preference } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { describe, expect, test } from '@jest/globals';
import { inBothOrders, panelPreference } from './compare.ts';

const { A, B, TIE, CANNOT_JUDGE } = Preference;
const judged = (aFirst: Preference, bFirst: Preference) =>
  inBothOrders({ judge: 'eye@1', aFirst, bFirst, rationale: 'because' });

describe('one judge in both orders', () => {
  test.each([
    ['agrees with itself on A', A, A, A],
    ['agrees with itself on B', B, B, B],
    ['always prefers the first', A, B, TIE],
    ['always prefers the second', B, A, TIE],
    ['sees no difference once', A, TIE, TIE],
    ['gave no answer once', A, CANNOT_JUDGE, CANNOT_JUDGE],
  ])('%s', (_, aFirst, bFirst, preference) => {
    expect(judged(aFirst, bFirst)).toMatchObject({ aFirst, bFirst, preference });
  });

  test('says so where the order swayed it', () => {
    expect(judged(A, B).rationale).toContain('changed its mind');
    expect(judged(A, A).rationale).toBe('because');
  });
});

describe('a panel', () => {
  test.each([
    ['goes by its mean', [A, TIE, TIE], A],
    ['is even where its judges cancel out', [A, B], TIE],
    ['leaves out who could not say', [CANNOT_JUDGE, B], B],
    ['cannot say where nobody could', [CANNOT_JUDGE], CANNOT_JUDGE],
    ['cannot say where nobody was asked', [], CANNOT_JUDGE],
  ])('%s', (_, preferences, expected) => {
    const { preference, rationale } = panelPreference(preferences.map((each) => judged(each, each)));
    expect(preference).toBe(expected);
    expect(rationale).not.toBe('');
  });
});
