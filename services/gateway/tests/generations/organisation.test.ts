import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { type GenerationRequestSchema, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { type Organisation, OrganisationSchema } from '@atelier/protos/atelier/gateway/v1/organisation_pb.ts';
import { generateMeshKeys, isRpcError } from '@atelier/rpc';
import { create, type JsonObject, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AcceptedEntry } from '../../src/journal/journal-entry.ts';
import { parseJournal } from '../../src/journal/journal-line.ts';
import { type Host, startHost } from './host.ts';
import { Upstreams } from './upstreams.ts';

const { PASS, FAIL } = Verdict;
const keys = generateMeshKeys();

let directory: string;
let upstreams: Upstreams;
let hosts: Host[];
/** What the organisation asks now. */
let rules: Organisation;

beforeAll(async () => {
  upstreams = await Upstreams.start(keys);
});
afterAll(async () => {
  await upstreams[Symbol.asyncDispose]();
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'organisation-'));
  await upstreams.reset();
  hosts = [];
  rules = create(OrganisationSchema, {
    forbiddenTerms: ['acme', 'Red'],
    questions: [
      { id: 'org-decent', text: 'Is it decent?', required: true },
      { id: 'org-sign', text: 'Is it free of our sign?', dependsOn: ['org-decent'] },
    ],
    revision: 7n,
  });
});
afterEach(async () => {
  for (const each of hosts) await each[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function host(): Promise<Host> {
  const organisation = () => rules;
  const started = await startHost({ targets: upstreams.servers.targets, ...keys, directory, organisation });
  hosts.push(started);
  return started;
}

type Asked = Exclude<MessageInitShape<typeof GenerationRequestSchema>, Message>;

function asking(overrides: Asked = {}): { generation: Asked } {
  const brief = { input: { case: 'prompt' as const, value: 'three green apples' } };
  return { generation: { project: 'projects/cards', brief, ...overrides } };
}

/** Holds images back, so that a cycle stands in its first round. */
function heldImages() {
  const { promise, resolve } = Promise.withResolvers<void>();
  upstreams.script.image = () => promise.then(() => undefined);
  return resolve;
}

const journalOf = (name: string) => join(directory, 'journal', `${name.slice('generations/'.length)}.jsonl`);

async function accepted(name: string): Promise<AcceptedEntry> {
  const [first] = parseJournal(await readFile(journalOf(name))).entries;
  return first as AcceptedEntry;
}

describe('a generation', () => {
  test('is judged by the organisation where the project judges nothing', async () => {
    const { client } = await host();
    upstreams.script.judge = ({ round }) => ({ 'org-decent': round === 0 ? FAIL : PASS });
    const { generation } = await client.generate(asking({ project: 'projects/free' }));
    expect(generation).toMatchObject({ outcome: Outcome.APPROVED, results: [{ round: 1, approved: true }] });
    expect(upstreams.judged[0]).toMatchObject({ rubric: '', questions: rules.questions });
    expect(upstreams.refinements[0]?.failed).toMatchObject([{ questionId: 'org-decent' }]);
  });

  test('is asked what rubric, project, call and organisation ask, in this order, and it is kept who asks what', async () => {
    const { client } = await host();
    const open = heldImages();
    const own = { id: 'ripe', text: 'Are they ripe?' };
    const request = asking({ project: 'projects/asking', questions: [own] });
    const { generation } = await client.createGeneration(request);
    const { name } = generation!;
    const { facts, work, plan } = await accepted(name);
    expect(plan.judged).toBe(true);
    expect(facts.organisationRevision).toBe(7n);
    expect(work.askedBy).toEqual({
      fresh: 'projects/asking',
      ripe: 'call',
      'org-decent': 'organisation',
      'org-sign': 'organisation',
    });
    expect(work.questions.map(({ id }) => id)).toEqual(['fresh', 'ripe', 'org-decent', 'org-sign']);
    upstreams.script.judge = () => ({ subject: PASS, fresh: PASS, ripe: PASS, 'org-decent': PASS });
    open();
    const { versions, rounds } = await upstreams.ended(name);
    expect(upstreams.judged[0]).toMatchObject({
      rubric: 'rubrics/cards/versions/1',
      questions: [{ id: 'fresh' }, { id: 'ripe' }, { id: 'org-decent' }, { id: 'org-sign' }],
    });
    expect(versions).toMatchObject({ rubricVersion: 'rubrics/cards/versions/1', organisationRevision: 7n });
    const answers = rounds[0]?.candidates[0]?.answers ?? [];
    expect(answers.map(({ questionId, askedBy }) => [questionId, askedBy])).toEqual([
      ['subject', 'rubrics/cards/versions/1'],
      ['fresh', 'projects/asking'],
      ['ripe', 'call'],
      ['org-decent', 'organisation'],
    ]);
  });

  test('keeps the rules that it began with, and the next begins with the new ones', async () => {
    const { client } = await host();
    const open = heldImages();
    const { generation: first } = await client.createGeneration(asking());
    rules = create(OrganisationSchema, { revision: 8n });
    const { generation: second } = await client.createGeneration(asking());
    expect((await accepted(first!.name)).facts.organisationRevision).toBe(7n);
    expect((await accepted(second!.name)).work).toMatchObject({ askedBy: {}, forbiddenTerms: [] });
    open();
    await Promise.all([upstreams.ended(first!.name), upstreams.ended(second!.name)]);
    expect(upstreams.judged.map(({ questions }) => questions.length).sort()).toEqual([0, 2]);
  });

  test("has its prompts written without the organisation's terms and the project's, each once", async () => {
    const { client } = await host();
    upstreams.script.judge = ({ round }) => ({ 'org-decent': round === 0 ? FAIL : PASS });
    const request = asking({ project: 'projects/worded' });
    await client.previewGeneration(request);
    expect(await client.generate(request)).toMatchObject({ generation: { outcome: Outcome.APPROVED } });
    const { rendered, expansions, refinements } = upstreams;
    expect([rendered.length, expansions.length, refinements.length]).toEqual([2, 1, 1]);
    for (const { forbiddenTerms } of [...rendered, ...expansions, ...refinements]) {
      expect(forbiddenTerms).toEqual(['acme', 'Red', 'blue']);
    }
  });

  test('of an earlier version, whose journal says nothing of this, goes on as it was', async () => {
    const first = await host();
    const open = heldImages();
    const { generation } = await first.client.createGeneration(asking());
    const { name } = generation!;
    await upstreams.submitted(1);
    await first[Symbol.asyncDispose]();
    const [head = '', ...rest] = (await readFile(journalOf(name), 'utf8')).split('\n');
    const line = JSON.parse(head) as { entry: { work: JsonObject; facts: JsonObject } };
    const { askedBy, forbiddenTerms, ...work } = line.entry.work;
    const { organisationRevision, ...facts } = line.entry.facts;
    expect([askedBy, forbiddenTerms, organisationRevision].every((value) => value !== undefined)).toBe(true);
    const older = { ...line, entry: { ...line.entry, work, facts } };
    await writeFile(journalOf(name), [JSON.stringify(older), ...rest].join('\n'));
    open();
    await host();
    expect(await upstreams.ended(name)).toMatchObject({ outcome: Outcome.APPROVED });
    expect(upstreams.submissions).toHaveLength(1);
  });
});

test('a preview shows what the organisation asks, and spends nothing', async () => {
  const { client } = await host();
  const { questions } = await client.previewGeneration(asking({ project: 'projects/free' }));
  expect(questions.map(({ id }) => id)).toEqual(['org-decent', 'org-sign']);
  expect(upstreams.submissions).toHaveLength(0);
});

describe('no team gets round the rules', () => {
  const question = (fields: object) => ({ id: 'own', text: 'Is it so?', ...fields });
  const rows: readonly (readonly [string, Asked, string, string])[] = [
    [
      'by a rubric with an id of theirs',
      { rubric: 'rubrics/reserved' },
      'INVALID_FIELD',
      'rubric.questions[1].id rubric.questions[2].depends_on[0]',
    ],
    [
      'by a project that asks under their id',
      { project: 'projects/shadowing' },
      'INVALID_FIELD',
      'project.questions[0].id',
    ],
    [
      'by a call that asks under their id',
      { questions: [question({ id: 'org-decent', expectedAnswer: 2 })] },
      'INVALID_FIELD',
      'generation.questions[0].id',
    ],
    [
      'by an id that they might have one day',
      { questions: [question({ id: 'org-anything' })] },
      'INVALID_FIELD',
      'generation.questions[0].id',
    ],
    [
      'by a question that hangs on theirs',
      { questions: [question({}), question({ id: 'child', dependsOn: ['own', 'org-sign'] })] },
      'INVALID_FIELD',
      'generation.questions[1].depends_on[1]',
    ],
    [
      'by asking so much that nothing more can be asked',
      { questions: Array.from({ length: 32 }, (_, i) => question({ id: `q${i}` })), rubric: 'rubrics/long' },
      'INVALID_FIELD',
      'generation.questions',
    ],
    [
      'by a brief that says a forbidden term',
      { brief: { input: { case: 'prompt', value: 'an acme apple' } } },
      'VARIABLE_INVALID',
      'generation.brief.prompt',
    ],
    [
      'by a style that says one',
      { parameters: { style: 'like RED apples' } },
      'INVALID_FIELD',
      'generation.parameters.style',
    ],
    [
      'by a style of the project',
      { project: 'projects/styled' },
      'INVALID_FIELD',
      'project.parameters.style',
    ],
    [
      'by native options that say one',
      {
        parameters: {
          providerOptions: {
            vendor: { seed: 1, loras: [{ trigger: 'fresh' }, { trigger: 'of Acme, sharp' }] },
          },
        },
      },
      'INVALID_FIELD',
      'generation.parameters.provider_options.vendor.loras[1].trigger',
    ],
  ];

  test.each(rows)('%s', async (_, asked, reason, fields) => {
    const { client } = await host();
    for (const call of [client.createGeneration, client.previewGeneration]) {
      const error = await call(asking(asked)).catch((thrown: unknown) => thrown);
      if (!isRpcError(error)) throw new Error('it was not refused');
      const named = error.fieldViolations.map(({ field }) => field).join(' ');
      expect([error.codeName, error.reason, named]).toEqual(['INVALID_ARGUMENT', reason, fields]);
    }
    expect(upstreams.submissions).toHaveLength(0);
    expect(upstreams.judged).toHaveLength(0);
  });

  test('by a policy, a model or parameters of its own', async () => {
    const { client } = await host();
    const { generation } = await client.generate(
      asking({
        project: 'projects/free',
        model: 'models/b',
        policy: { maxRounds: 1, refine: false, promptMode: 1 },
        // What is overridden is not in force, and what shall not be there may be named.
        parameters: { style: 'plain', negativePrompt: 'acme logos, anything red' },
      }),
    );
    expect(upstreams.judged[0]?.questions.map(({ id }) => id)).toEqual(['org-decent', 'org-sign']);
    expect(upstreams.rendered.every(({ forbiddenTerms }) => forbiddenTerms.includes('acme'))).toBe(true);
    // For the acceptance, and for the prompt, which no writer wrote.
    expect(upstreams.rendered).toHaveLength(2);
    expect(generation?.rounds).toHaveLength(1);
  });

  test('and a question of theirs that cannot be asked is told as theirs', async () => {
    const { client } = await host();
    rules.questions[1]!.text = 'Is it {{ nothing }}?';
    const error = await client
      .createGeneration(asking({ project: 'projects/asking' }))
      .catch((e: unknown) => e);
    if (!isRpcError(error)) throw new Error('it was not refused');
    expect(error.fieldViolations.map(({ field }) => field)).toEqual(['organisation.questions[1].text']);
  });
});
