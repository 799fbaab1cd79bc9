import { type Atelier, createAtelier } from '@atelier/client';
import { VerdictSchema } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { type Generation, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { launchTestMesh, type TestMesh } from '../src/index.ts';
import { refusal } from './support/refusal.ts';

// The rules of the organisation through a mesh of real processes: what a team does not ask is asked all the same.

let mesh: TestMesh;
let atelier: Atelier;

const small = { kind: 'minimum_size', parameters: { width: 16 } };
const huge = { kind: 'minimum_size', parameters: { width: 65_535 } };

beforeAll(async () => {
  mesh = await launchTestMesh();
  atelier = createAtelier({ address: mesh.mesh.address, retries: 0 });
  const { projects, rubrics } = atelier.services;
  const defaultModel = 'models/sandbox-approve';
  const own = { id: 'small', text: 'Is it large enough?', required: true, check: small };
  const content = { questions: [own], judges: ['builtin'] };
  await rubrics.createRubric({ rubricId: 'lenient', content });
  await projects.createProject({ project: { name: 'projects/bare', defaultModel } });
  await projects.createProject({
    project: { name: 'projects/lenient', defaultModel, rubric: 'rubrics/lenient' },
  });
}, 120_000);

afterAll(async () => {
  atelier?.close();
  await mesh?.[Symbol.asyncDispose]();
});

const generate = (project: string) =>
  atelier.generate({ project, brief: 'a red apple', policy: { maxRounds: 1 } as never });

const answersOf = ({ rounds }: Generation) =>
  (rounds[0]?.candidates[0]?.answers ?? []).map(({ questionId, askedBy, verdict }) => [
    questionId,
    askedBy,
    VerdictSchema.value[verdict]?.localName,
  ]);

test('every image is judged by the rules, whatever the project asks', async () => {
  const { organisation } = atelier.services;
  expect((await generate('bare')).outcome).toBe(Outcome.UNJUDGED);
  const rule = { id: 'org-huge', text: 'Is it huge?', required: true, check: huge };
  const child = { id: 'org-child', text: 'Is it so still?', dependsOn: ['org-huge'], check: small };
  const written = await organisation.updateOrganisation({ organisation: { questions: [child, rule] } });
  expect(written).toMatchObject({ organisation: { revision: 1n }, warnings: [] });

  const bare = await generate('bare');
  expect(bare).toMatchObject({ outcome: Outcome.EXHAUSTED, versions: { organisationRevision: 1n } });
  expect(answersOf(bare)).toEqual([
    ['org-huge', 'organisation', 'FAIL'],
    ['org-child', 'organisation', 'NOT_APPLICABLE'],
  ]);
  const lenient = await generate('lenient');
  expect(lenient).toMatchObject({ outcome: Outcome.EXHAUSTED, results: [{ approved: false }] });
  expect(answersOf(lenient)).toContainEqual(['small', 'rubrics/lenient/versions/1', 'PASS']);
  expect(answersOf(lenient)).toContainEqual(['org-huge', 'organisation', 'FAIL']);

  await organisation.updateOrganisation({ organisation: { questions: [{ ...rule, check: small }] } });
  for (const project of ['bare', 'lenient']) {
    expect(await generate(project)).toMatchObject({
      outcome: Outcome.APPROVED,
      versions: { organisationRevision: 2n },
    });
  }
});

test('no words of a call bring in what the organisation forbids', async () => {
  const { organisation, projects } = atelier.services;
  await organisation.updateOrganisation({ organisation: { forbiddenTerms: ['Zeppelin'] } });
  await projects.updateProject({
    project: {
      name: 'projects/bare',
      defaultModel: 'models/studio-pro',
      forbiddenTerms: ['tank'],
    },
  });
  const asked = (fields: object) => () =>
    atelier.create({ project: 'bare', brief: 'a red apple', ...fields } as never);
  const rows: [string, () => Promise<unknown>][] = [
    [
      'INVALID_ARGUMENT INVALID_FIELD generation.parameters.style',
      asked({ parameters: { style: 'like a zeppelin' } }),
    ],
    ['INVALID_ARGUMENT VARIABLE_INVALID generation.brief.prompt', asked({ brief: 'an apple on a ZEPPELIN' })],
    ['INVALID_ARGUMENT VARIABLE_INVALID generation.brief.prompt', asked({ brief: 'an apple and a tank' })],
    [
      'INVALID_ARGUMENT INVALID_FIELD generation.parameters.provider_options.studio.note',
      asked({ parameters: { providerOptions: { studio: { note: 'Beside a TANK.' } } } }),
    ],
  ];
  for (const [expected, call] of rows) expect(await refusal(call())).toBe(expected);
});
