import type { DraftQuestionsResponse } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { atomicityFaults } from '../../src/draft/atomic.ts';
import { CATEGORY_NAMES } from '../../src/draft/categories.ts';
import { seeded } from '../checks/draw.ts';
import { caller, type Fixture, fixture } from '../harness.ts';
import { type DsgPrompt, describeWithDsg } from './dsg.ts';
import { FAULTS, withCircles } from './faults.ts';
import { expectedOf, goodDraft, type Planned } from './planned-draft.ts';
import { type Answering, type Drafting, ScriptedWriter, type WriterAsk } from './scripted-writer.ts';
import { startWriter, type WriterServer } from './writer-server.ts';

const PROMPTS = 50;
const FAULTS_EACH = 5;
const MAX = 50;

/** How the writer goes about it, which of its drafts counts, and how often it drafts. */
const DRAFTING: readonly [readonly Drafting[], 'good' | 'spoilt' | 'none', number][] = [
  [['spoilt'], 'spoilt', 3],
  [['spoilt'], 'spoilt', 3],
  [['spoilt'], 'spoilt', 3],
  [['spoilt', 'good'], 'good', 2],
  [['words', 'spoilt'], 'spoilt', 3],
  [['no list', 'empty', 'good'], 'good', 3],
  [['spoilt', 'spoilt', 'words'], 'spoilt', 3],
  [['spoilt', 'refused'], 'spoilt', 2],
  [['cut', 'good'], 'good', 2],
  [['good'], 'good', 1],
  [['empty'], 'none', 3],
  [['words'], 'none', 3],
  [['refused'], 'none', 1],
];

/** How it answers, and how often it is asked to. */
const ANSWERING: readonly [Answering, number][] = [
  ['plain', 1],
  ['forgets one', 2],
  ['contradicts itself', 3],
  ['words first', 2],
  ['refuses', 1],
  ['plain', 1],
  ['plain', 1],
];

interface Scenario {
  readonly prompt: DsgPrompt;
  readonly maxQuestions: number;
  readonly draftAsks: number;
  readonly checkAsks: number;
  /** The draft that counts; undefined where nothing comes. */
  readonly counts: readonly Planned[] | undefined;
  readonly answering: Answering;
  readonly writer: ScriptedWriter;
}

describeWithDsg('drafting from the prompts of the Davidsonian Scene Graph', (prompts) => {
  const scenarios = new Map<string, Scenario>();
  const planted = new Map(Object.keys(FAULTS).map((fault) => [fault, 0]));
  let writer: WriterServer;
  let mesh: Fixture;

  beforeAll(async () => {
    for (const [index, prompt] of chosen(prompts).entries()) {
      scenarios.set(prompt.text, scenarioOf(prompt, index, planted));
    }
    writer = await startWriter((ask: WriterAsk) => {
      const scenario = scenarios.get(ask.brief);
      if (scenario === undefined) throw new Error('nobody asked for that');
      return scenario.writer.reply(ask);
    });
    mesh = await fixture(writer.env);
  });

  afterAll(async () => {
    await mesh?.[Symbol.asyncDispose]();
    await writer?.[Symbol.asyncDispose]();
  });

  test('the rule of atomicity accepts what people wrote, but for what it says', () => {
    const questions = prompts.flatMap((prompt) => prompt.questions);
    const refused = new Map<string, number>();
    let accepted = 0;
    for (const { text } of questions) {
      const [fault] = atomicityFaults(text);
      if (fault === undefined) accepted += 1;
      else {
        const rule = fault.replace(/[;(].*$/, '').trim();
        refused.set(rule, (refused.get(rule) ?? 0) + 1);
      }
    }
    expect(questions).toHaveLength(8_182);
    // 99.1 %. Refused are mostly postures and authors with an "and", and questions like "Are there letters in the logo?".
    expect(accepted).toBe(8_112);
    expect(Object.fromEntries(refused)).toEqual({
      'it asks more than one thing': 36,
      'it asks whether something is there, and more': 25,
      'it denies something': 8,
      'it must begin with is, are, does, do, has, have or can': 1,
    });
  });

  test(`of ${PROMPTS} prompts exactly what is good comes through, whatever the writer does`, async () => {
    for (const scenario of scenarios.values()) {
      const { prompt, maxQuestions } = scenario;
      const request = { brief: prompt.text, maxQuestions };
      const draft = await mesh.evaluation.draftQuestions(request, { principal: caller() });
      expectDraft(draft, scenario);
      if (draft.questions.length === 0) continue;
      const content = { questions: draft.questions };
      await mesh.rubrics.validateRubric({ content }, { principal: caller() });
    }
    expect(scenarios.size).toBe(PROMPTS);
    expect(writer.server.objections).toEqual([]);
    // Every fault was there, and not once only.
    expect([...planted].filter(([, times]) => times < 5)).toEqual([]);
  });
});

/** Prompts of all kinds whose annotation is in order and atomic. */
function chosen(prompts: readonly DsgPrompt[]): DsgPrompt[] {
  const random = seeded(20261128);
  const fits = ({ questions }: DsgPrompt) => {
    const numbers = questions.map(({ number }) => number);
    const texts = new Set(questions.map(({ text }) => text.toLowerCase()));
    return (
      questions.length >= 6 &&
      questions.length <= 20 &&
      texts.size === questions.length &&
      questions.every(
        ({ text, number, parents }) =>
          atomicityFaults(text).length === 0 &&
          parents.every((parent) => parent < number && numbers.includes(parent)),
      )
    );
  };
  return prompts
    .filter(fits)
    .map((prompt) => ({ prompt, place: random() }))
    .sort((a, b) => a.place - b.place)
    .slice(0, PROMPTS)
    .map(({ prompt }) => prompt);
}

function scenarioOf(prompt: DsgPrompt, index: number, planted: Map<string, number>): Scenario {
  const random = seeded(index + 1);
  const [drafting, which, draftAsks] = DRAFTING[index % DRAFTING.length] ?? [['good'], 'good', 1];
  const good = goodDraft(prompt);
  const draft = structuredClone(good);
  const spoiling = { draft, spoilt: new Set<Planned>(), random };
  // The faults that were rarest so far, in any order.
  const rarest = [...planted].map(([name, times]) => ({ name, place: times + random() }));
  let left = FAULTS_EACH;
  for (const { name } of rarest.sort((a, b) => a.place - b.place)) {
    if (left === 0) break;
    if (FAULTS[name]?.(spoiling) !== true) continue;
    left -= 1;
    if (which === 'spoilt') planted.set(name, (planted.get(name) ?? 0) + 1);
  }
  const spoilt = withCircles(draft);
  const [answering, checkAsks] = ANSWERING[index % ANSWERING.length] ?? ['plain', 1];
  const counts = { good, spoilt, none: undefined }[which];
  const isShort = which === 'spoilt' && index % 2 === 0;
  const wellFormed = spoilt.filter(({ fault }) => fault === undefined).length;
  const maxQuestions = isShort ? Math.max(1, wellFormed - 2) : MAX;
  const writer = new ScriptedWriter({ good, spoilt, drafting, answering, checked: counts ?? [] });
  return {
    prompt,
    maxQuestions,
    draftAsks,
    checkAsks: counts === undefined ? 0 : checkAsks,
    counts,
    answering,
    writer,
  };
}

function expectDraft(draft: DraftQuestionsResponse, scenario: Scenario): void {
  const { prompt, counts, maxQuestions, answering, writer } = scenario;
  expect([writer.drafts.length, writer.checks.length]).toEqual([scenario.draftAsks, scenario.checkAsks]);
  expectInOrder(draft, maxQuestions);
  if (counts === undefined) {
    expect(draft.questions).toEqual([]);
    expect(draft.rejected).toEqual([expect.stringMatching(/^The (answer of the )?writer /)]);
    return;
  }
  const how = answering === 'contradicts itself' || answering === 'refuses' ? answering : 'well';
  const { kept, rejected } = expectedOf(counts, maxQuestions, how);
  expect(new Map(draft.questions.map(({ id, dependsOn }) => [id, new Set(dependsOn)]))).toEqual(kept);
  const told = [...draft.rejected];
  for (const { id, why } of rejected) {
    const place = told.findIndex(
      (line) => line.startsWith(id) && /^[: ]/.test(line.slice(id.length)) && why.test(line),
    );
    expect([prompt.id, id, String(why), place >= 0 || told]).toEqual([prompt.id, id, String(why), true]);
    told.splice(place, 1);
  }
  expect(told).toEqual([]);
}

/** What a draft must be whatever was drafted. */
function expectInOrder({ questions }: DraftQuestionsResponse, maxQuestions: number): void {
  expect(questions.length).toBeLessThanOrEqual(maxQuestions);
  const earlier = new Set<string>();
  for (const { id, text, dependsOn, category } of questions) {
    expect(id).toMatch(/^[a-z][a-z0-9_-]{0,62}$/);
    expect(earlier.has(id)).toBe(false);
    for (const parent of dependsOn) expect(earlier.has(parent)).toBe(true);
    earlier.add(id);
    expect(atomicityFaults(text)).toEqual([]);
    expect(CATEGORY_NAMES).toContain(category);
  }
}
