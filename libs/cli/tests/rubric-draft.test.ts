import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { failedPrecondition } from '@atelier/rpc';
import { launchTestMesh, type TestMesh } from '@atelier/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWriter, type WriterServer } from '../../../services/evaluator/tests/draft/writer-server.ts';
import { startScriptedGateway } from '../../client/tests/scripted/gateway.ts';
import { partial } from '../../client/tests/scripted/partial.ts';
import { atelier } from './command.ts';

const sample = fileURLToPath(new URL('../../../deploy/samples/produce-cutouts', import.meta.url));

const question = (id: string, text: string, more: object = {}) => ({
  reason: 'red apples',
  id,
  text,
  category: 'object',
  depends_on: [],
  required: true,
  answered_by: 'look',
  counted: '',
  expected: '',
  quoted: '',
  ...more,
});

const plainDraft = [
  question('apples', 'Are there apples?'),
  question('count', 'Are there three apples?', {
    category: 'count',
    depends_on: ['apples'],
    answered_by: 'count',
    counted: 'apples',
    expected: '3',
  }),
  question('words', 'Does the sign say "FRESH: 100 %"?', {
    category: 'text',
    answered_by: 'text',
    quoted: 'FRESH: 100 %',
  }),
  question('pair', 'Are they red and round?\n\u001b[31m# not a comment', { depends_on: ['apples'] }),
];

const templateDraft = [
  question('item', 'Are there {{ item }}?'),
  question('colour', 'Are the {{ item }} {{ colour }}?', {
    category: 'colour',
    depends_on: ['item'],
    required: false,
  }),
];

let writer: WriterServer;
let mesh: TestMesh;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-cli-draft-'));
  writer = await startWriter(({ brief, template, questions }) => {
    if (brief.startsWith('nothing')) return { kind: 'json', json: { questions: [] } };
    if (questions !== undefined) {
      const answers = questions.map(({ number }) => ({ number, reason: 'It says so.', answer: 'yes' }));
      return { kind: 'json', json: { answers } };
    }
    const values = [
      { name: 'item', value: 'apples' },
      { name: 'colour', value: 'red' },
    ];
    const json = template === undefined ? { questions: plainDraft } : { values, questions: templateDraft };
    return { kind: 'json', json };
  });
  mesh = await launchTestMesh(writer.env);
  await run('apply', sample);
}, 180_000);

afterAll(async () => {
  await mesh?.[Symbol.asyncDispose]();
  await writer?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => atelier(mesh.mesh.address, args);
const brief = 'Three apples and a sign "FRESH: 100 %"';

test('a draft is a rubric file, with what was left out above it', async () => {
  const drafted = await run('rubrics', 'draft', '--brief', brief, '--id', 'apples');
  expect(drafted).toMatchObject({ code: 0, stderr: '' });
  expect(drafted.stdout).toMatch(
    /^# 3 questions drafted by openai-compatible:drafter-1\/draft@\d+-[0-9a-f]{8}; cost: \$0\.\d+\. Look through it before it judges\.\n# Left out: pair \("Are they red and round\? \[31m# not a comment"\): [^\n]*asks more than one thing \("and"\)[^\n]*\nid: apples\ncontent:\n/,
  );
  expect(drafted.stdout).toContain(`    - id: count
      text: Are there three apples?
      required: true
      dependsOn:
        - apples
      category: count
      openCount:
        of: apples
        expected: "3"
`);
  const file = join(folder, 'rubric.yaml');
  await writeFile(file, drafted.stdout);
  expect(await run('rubrics', 'validate', file)).toMatchObject({ code: 0 });
  expect(await run('rubrics', 'create', file)).toMatchObject({
    code: 0,
    stdout: 'rubrics/apples/versions/1: created\n',
  });
});

test('with a template it is a rubric for all briefs of the template', async () => {
  const file = join(folder, 'cutouts.yaml');
  const drafted = await run(
    'rubrics',
    'draft',
    '--brief',
    'red apples',
    '--template',
    'produce-cutout',
    '-o',
    file,
  );
  expect(drafted).toEqual({ code: 0, stdout: `${file}: 2 questions\n`, stderr: '' });
  expect(await readFile(file, 'utf8')).toContain('\nid: produce-cutout\n');
  const checked = await run('rubrics', 'validate', file, '--var', 'item=pears', '--var', 'colour=green');
  expect(checked.stdout).toContain('colour: Are the pears green?\n');
  // Nobody pays for a draft that cannot be written.
  const asks = writer.server.asks.length;
  const again = await run('rubrics', 'draft', '--brief', 'red apples', '-o', file);
  expect(again).toMatchObject({ code: 2, stdout: '' });
  expect(again.stderr).toContain(`${file}: is there already`);
  expect(writer.server.asks).toHaveLength(asks);
});

test('as JSON it is the answer and nothing else', async () => {
  const { code, stdout } = await run('rubrics', 'draft', '--brief', brief, '--max', '2', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    questions: [{ id: 'apples' }, { id: 'count', dependsOn: ['apples'] }],
    rejected: [
      expect.stringContaining('pair'),
      expect.stringContaining('is beyond the 2 that were asked for'),
    ],
  });
});

test('a draft of which nothing came says why, and fails', async () => {
  const { code, stdout } = await run('rubrics', 'draft', '--brief', 'nothing');
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^# Nothing came of a draft by .*\n# Left out: The writer found nothing to ask\.\n$/,
  );
});

test.each([
  ['no brief', ['--max', '3'], 2, "required option '--brief <text>' not specified"],
  ['an empty brief', ['--brief', ' '], 2, '--brief: expected what is asked for'],
  [
    'too many questions',
    ['--brief', brief, '--max', '51'],
    2,
    '--max: "51" is not a whole number from 1 to 50',
  ],
  ['an id that is none', ['--brief', brief, '--id', 'My Apples'], 2, 'expected lower-case letters'],
  ['a template that is not there', ['--brief', brief, '--template', 'nobody'], 7, 'templates/nobody'],
])('%s', async (_, args, code, message) => {
  const result = await run('rubrics', 'draft', ...args);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toContain(message);
});

test('without a language model it says which variable to set', async () => {
  const gateway = await startScriptedGateway([
    partial(EvaluationService, {
      draftQuestions: async () => {
        throw failedPrecondition('Name one in EVALUATOR_WRITER.', { reason: 'NOT_CONFIGURED' });
      },
    }),
  ]);
  const result = await atelier(gateway.address, ['rubrics', 'draft', '--brief', brief]);
  await gateway[Symbol.asyncDispose]();
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('EVALUATOR_WRITER');
});
