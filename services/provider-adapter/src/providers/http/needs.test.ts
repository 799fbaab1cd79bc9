import { expect, test } from '@jest/globals';
import { missingFields, type Need } from './needs.ts';

const NEEDS: readonly Need[] = ['REGION', [['API_KEY'], ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY']]];

test.each([
  [[], ['REGION', 'API_KEY']],
  [['API_KEY'], ['REGION']],
  [['REGION', 'ACCESS_KEY_ID'], ['SECRET_ACCESS_KEY']],
  [['REGION', 'SECRET_ACCESS_KEY'], ['ACCESS_KEY_ID']],
  [['REGION', 'API_KEY'], []],
  [['REGION', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'], []],
  [['REGION', 'API_KEY', 'ACCESS_KEY_ID'], []],
])('with %j it lacks %j', (set: string[], lacking: string[]) => {
  expect(missingFields(NEEDS, (field) => set.includes(field))).toEqual(lacking);
});
