import { join } from 'node:path';
import {
  ExpectedAnswer,
  type Question,
  QuestionSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import {
  type JudgeLine,
  judgeReply,
  launchTestMesh,
  startLanguageServer,
  type TestMesh,
} from '@atelier/testing';
import { fromJson } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { jsonHere, runHere } from '../here.ts';
import { readStarter, starterFolder, starters } from './folders.ts';

/** Chosen before anything was tried with it. */
const SEED = '11';

const folderOf = (name: string) => join(starterFolder, name);

/** What one brief of each starter comes to on the embedded default, which has no judge that sees. */
test('every starter runs on the embedded default, and ends with an image and a verdict', async () => {
  await using mesh = await launchTestMesh();
  const { address } = mesh.mesh;
  for (const name of starters) {
    await jsonHere(address, 'apply', folderOf(name));
    const { resources, briefs } = await jsonHere(address, 'apply', folderOf(name));
    expect(resources.map(({ action }: { action: string }) => action)).toEqual(Array(4).fill('unchanged'));
    expect(briefs).toBeGreaterThanOrEqual(12);
    const [first] = (await readStarter(name)).dir.briefs;
    const tried = await jsonHere(address, 'test', folderOf(name), '--only', first?.id ?? '', '--seeds', SEED);
    const [result] = tried.results;
    expect(result).toMatchObject({ id: first?.id, error: null, image: expect.stringMatching(/^images\//) });
    expect(['APPROVED', 'NEEDS_REVIEW', 'EXHAUSTED']).toContain(result.outcome);
    expect(await jsonHere(address, 'get', result.generation)).toMatchObject({
      versions: {
        rubricVersion: `rubrics/starter-${name}-measured/versions/1`,
        templateVersion: `templates/starter-${name}/versions/1`,
      },
    });
  }
}, 600_000);

describe('with a judge that sees, the whole gate', () => {
  let questions: readonly Question[] = [];
  /** What is said of every line, unless the test says otherwise. */
  let says: (line: JudgeLine) => string | undefined;

  /** What is hoped for, so that whatever does not pass was not asked or not understood. */
  const hoped = ({ question }: JudgeLine): string | undefined => {
    for (const { text, negatedText, expectedAnswer, openCount } of questions) {
      const isYes = expectedAnswer !== ExpectedAnswer.NO;
      if (question === text) return isYes ? 'yes' : 'no';
      if (negatedText !== '' && question === negatedText) return isYes ? 'no' : 'yes';
      if (openCount !== undefined && question.includes(`How many ${openCount.of} `))
        return openCount.expected;
    }
    return undefined;
  };

  async function generate({ mesh: { address } }: TestMesh, name: string, seed: string) {
    const [first] = (await readStarter(name)).dir.briefs;
    const input = first?.request.brief?.input;
    const variables = Object.entries(input?.case === 'variables' ? input.value : {});
    const args = [
      ...[
        '-p',
        `starter-${name}`,
        '--rubric',
        `starter-${name}`,
        '--seed',
        seed,
        '--max-rounds',
        '1',
        '--json',
      ],
      ...variables.flatMap(([key, value]) => [
        '--var',
        `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      ]),
    ];
    const preview = JSON.parse((await runHere(address, ['preview', ...args])).stdout);
    questions = preview.questions.map((question: unknown) =>
      fromJson(QuestionSchema, question as object as never),
    );
    return JSON.parse((await runHere(address, ['generate', ...args])).stdout);
  }

  test('is answered whole, and a judge that says yes to everything approves nothing', async () => {
    await using server = await startLanguageServer('openai', (ask) => judgeReply(ask, (line) => says(line)));
    await using mesh = await launchTestMesh({
      EVALUATOR_JUDGES: 'builtin,eye',
      JUDGE_EYE_TYPE: 'openai-compatible',
      JUDGE_EYE_MODEL: 'see-1',
      JUDGE_EYE_BASE_URL: server.url,
      JUDGE_EYE_LOG_PROBABILITIES: 'off',
      JUDGE_EYE_ASKS: '1',
      JUDGE_EYE_PRICE_INPUT: '0',
      JUDGE_EYE_PRICE_OUTPUT: '0',
    });
    for (const name of starters) {
      await jsonHere(mesh.mesh.address, 'apply', folderOf(name));
      says = hoped;
      const { rounds } = await generate(mesh, name, SEED);
      const seen = new Set(questions.filter(({ check }) => check === undefined).map(({ id }) => id));
      const answers = rounds[0].candidates[0].answers.filter(({ questionId }: { questionId: string }) =>
        seen.has(questionId),
      );
      const notPassed = answers.filter(
        ({ verdict }: { verdict: string }) => !/PASS|NOT_APPLICABLE/.test(verdict),
      );
      expect({ name, notPassed }).toEqual({ name, notPassed: [] });
      expect(
        answers.filter(({ verdict }: { verdict: string }) => verdict === 'VERDICT_PASS').length,
      ).toBeGreaterThan(5);

      says = ({ kind }) => ({ yes_no: 'yes', count: '3', read: 'everything' })[kind];
      // Another picture, since what was said of the first is kept.
      const fooled = await generate(mesh, name, `${SEED}0`);
      expect(fooled.outcome).not.toBe('OUTCOME_APPROVED');
    }
  }, 600_000);
});
