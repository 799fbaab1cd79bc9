import {
  ExpectedAnswer,
  type Question,
  QuestionSchema,
  type RubricContent,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { type JsonObject, toJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { caller, type Fixture, fixture } from '../../../../services/evaluator/tests/harness.ts';
import { type Harness, startHarness } from '../../../../services/prompt-template/tests/harness.ts';
import { readStarter, type Starter, starters } from './folders.ts';
import { seededTiles } from './tiles.ts';

let prompts: Harness;
let evaluator: Fixture;
beforeAll(async () => {
  prompts = await startHarness();
  evaluator = await fixture();
});
afterAll(async () => {
  await evaluator?.[Symbol.asyncDispose]();
  await prompts?.[Symbol.asyncDispose]();
});

const team = () => prompts.as('teams/starters');

/** Every variable with the value that the template gives it, as questions are rendered over them. */
async function variablesOf(template: string, brief: Brief): Promise<JsonObject> {
  const rendered = await prompts.prompts.renderPrompt({ template, brief }, team());
  return rendered.variables ?? {};
}

async function ask(content: RubricContent, variables: JsonObject): Promise<Question[]> {
  const answer = await evaluator.rubrics.validateRubric(
    { content, sampleVariables: variables },
    { principal: caller() },
  );
  return answer.rendered;
}

/** What is wrong with questions as texts: the same for all of them, so that it is said once. */
function badTexts(questions: readonly Question[]): string[] {
  return questions.flatMap(({ id, text, negatedText, hint }) => {
    const texts = [text, negatedText, hint].filter((each) => each !== '');
    const isQuestion = [text, negatedText].every((each) => each === '' || /^[A-Z'"].*[^ ]\?$/.test(each));
    const isClean = texts.every((each) => !/[{}]|%\}| {2}| ,|\bnull\b|\bundefined\b|\n| \?|^$/.test(each));
    return isQuestion && isClean ? [] : [`${id}: ${texts.join(' / ')}`];
  });
}

const json = (question: Question) => toJson(QuestionSchema, question) as JsonObject;

describe.each(starters)('the gates of %s', (name) => {
  let starter: Starter;
  let template: string;
  beforeAll(async () => {
    starter = await readStarter(name);
    const made = await prompts.templates.createTemplate(
      { templateId: `starter-${name}`, content: starter.template },
      team(),
    );
    template = made.version?.name ?? '';
  });

  test('are taken by the evaluator, and the measured one is answered without a model', async () => {
    const { rubrics } = evaluator;
    const principal = { principal: caller() };
    const whole = await rubrics.validateRubric({ content: starter.rubric }, principal);
    const unanswered = starter.rubric.questions.filter(({ check }) => check === undefined);
    expect(whole.warnings).toHaveLength(unanswered.length);
    const measured = await rubrics.validateRubric({ content: starter.measured }, principal);
    expect(measured.warnings).toEqual([]);
  });

  test('make well-formed questions of every brief and every example', async () => {
    const briefs = starter.dir.briefs.map(({ request }) => request.brief as Brief);
    const examples = starter.template.examples.map(
      ({ variables = {} }) =>
        ({ input: { case: 'variables', value: variables }, style: {} }) as unknown as Brief,
    );
    for (const brief of [...briefs, ...examples]) {
      const variables = await variablesOf(template, brief);
      for (const content of [starter.rubric, starter.measured]) {
        const questions = await ask(content, variables);
        expect(badTexts(questions)).toEqual([]);
        expect(new Set(questions.map(({ text }) => text)).size).toBe(questions.length);
      }
    }
  });

  test('ask the same thing by the same words, so that the measured one is a part of the whole', () => {
    const whole = new Map(starter.rubric.questions.map((question) => [question.id, json(question)]));
    for (const question of starter.measured.questions) {
      const same = whole.get(question.id);
      if (same === undefined) expect(question.id).toMatch(/-measured$|^no-lettering$|^sharp$/);
      else if (question.id.endsWith('-measured')) expect(same).toMatchObject({ text: question.text });
      else expect({ ...json(question), required: true }).toEqual({ ...same, required: true });
    }
  });

  test('guard what does harm with twins, count openly, and hint at what to do', () => {
    const { questions } = starter.rubric;
    const required = (ids: readonly string[]) =>
      questions.filter(({ id, required: is }) => is && ids.includes(id)).length;
    const [subject] = questions.filter(({ category }) => category === 'subject');
    expect(subject).toMatchObject({ required: true });
    expect(subject?.negatedText).not.toBe('');
    expect(questions.filter(({ negatedText }) => negatedText !== '').length).toBeGreaterThanOrEqual(3);
    const seen = questions.filter(({ check }) => check === undefined);
    for (const { id, hint, category, dependsOn } of seen) {
      expect({ id, hint: hint === '' }).toEqual({ id, hint: false });
      expect({ id, category: category === '' }).toEqual({ id, category: false });
      expect({ id, roots: dependsOn.length }).toEqual({ id, roots: Math.max(1, dependsOn.length) });
    }
    // Who approves without looking at the subject approves anything.
    expect(required([subject?.id ?? ''])).toBe(1);
    expect(
      starter.measured.questions
        .filter((question) => question.required)
        .every(({ check }) => check !== undefined),
    ).toBe(true);
    expect(seen.some(({ expectedAnswer }) => expectedAnswer === ExpectedAnswer.NO)).toBe(true);
    if (name !== 'banner-with-text')
      expect(questions.some(({ openCount }) => openCount !== undefined)).toBe(true);
  });
});

test('one rubric with templated questions serves 200 briefs with different items', async () => {
  const { template: content, rubric, measured } = await readStarter('category-tile');
  const { version } = await prompts.templates.createTemplate({ templateId: 'tiles', content }, team());
  const made = await evaluator.rubrics.createRubric(
    { rubricId: 'tiles', content: rubric },
    { principal: caller() },
  );
  expect(made.version?.version).toBe(1);
  const tiles = seededTiles(200, 20_261_128);
  expect(new Set(tiles.map(({ item }) => item)).size).toBe(200);
  const seen = new Set<string>();
  for (const tile of tiles) {
    const brief = { input: { case: 'variables', value: tile }, style: {} } as unknown as Brief;
    const variables = await variablesOf(version?.name ?? '', brief);
    expect(variables).toMatchObject(tile);
    for (const gate of [rubric, measured]) {
      const questions = await ask(gate, variables);
      expect(questions.map(({ id }) => id)).toEqual(gate.questions.map(({ id }) => id));
      expect(badTexts(questions)).toEqual([]);
      const byId = new Map(questions.map((question) => [question.id, question]));
      const counted = byId.get('count-measured');
      expect(counted?.text).toContain(`${tile.count} ${tile.item}`);
      expect(counted?.check?.parameters).toEqual({ count: String(tile.count) });
      expect(byId.get('ground')?.check?.parameters).toMatchObject({ colour: tile.background });
    }
    const questions = await ask(rubric, variables);
    expect(questions.find(({ id }) => id === 'count')?.openCount).toMatchObject({
      of: tile.item,
      expected: String(tile.count),
    });
    expect(questions.find(({ id }) => id === 'item')?.text).toBe(`Does the tile show ${tile.item}?`);
    seen.add(JSON.stringify(questions.map(({ text }) => text)));
  }
  expect(seen.size).toBe(200);
}, 180_000);
