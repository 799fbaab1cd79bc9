import { TemplateContentSchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { VersionPlan, type WantedContent } from './version-plan.ts';

const wanted = (text: string): WantedContent => ({
  text,
  content: create(TemplateContentSchema, { body: text }),
  note: '',
});

test('what is known is not added again, and the newest of equals is taken', () => {
  const plan = new VersionPlan({
    latest: 3,
    aliases: { latest: 3, production: 1, canary: 2 },
    texts: new Map([
      [1, 'a'],
      [2, 'a'],
      [3, 'b'],
    ]),
  });
  expect(plan.isLatest('b')).toBe(true);
  expect(plan.place(wanted('a'))).toBe(2);
  expect(plan.textOf('production')).toBe('a');
  expect(plan.changes).toEqual([]);
});

test('versions come before aliases, and take with them those that point at them', () => {
  const plan = new VersionPlan({ latest: 3, aliases: { production: 3 }, texts: new Map([[3, 'b']]) });
  plan.point('canary', plan.place(wanted('c')));
  plan.point('production', plan.add(wanted('d')));
  plan.point('old', 3);
  expect(plan.added).toEqual([4, 5]);
  expect(plan.latest).toBe(5);
  expect(plan.aliasWords).toEqual([
    'point "canary" at version 4',
    'move "production" to version 5',
    'point "old" at version 3',
  ]);
  expect(plan.changes).toMatchObject([
    { kind: 'version', number: 4, aliases: ['canary'] },
    { kind: 'version', number: 5, aliases: ['production'] },
    { kind: 'alias', alias: 'old', version: 3 },
  ]);
});
