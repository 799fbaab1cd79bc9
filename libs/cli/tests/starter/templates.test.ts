import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { containsTerm, presentTerms } from '../../../../services/prompt-template/src/text/terms.ts';
import { type Harness, startHarness } from '../../../../services/prompt-template/tests/harness.ts';
import { shortestLimit } from './catalog.ts';
import { readStarter, type Starter, starters } from './folders.ts';

const dialects = ['natural', 'tags', 'short'];

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => harness[Symbol.asyncDispose]());

const call = () => harness.as('teams/starters');

/** What comes of a brief with a template that is on the platform. */
const render = (template: string, brief: Brief, dialect: string, maxChars: number) =>
  harness.prompts.renderPrompt(
    { template, brief, target: { dialect, maxChars, negativePrompt: true } },
    call(),
  );

describe.each(starters)('the starter template of %s', (name) => {
  let starter: Starter;
  let template: string;
  beforeAll(async () => {
    starter = await readStarter(name);
    const made = await harness.templates.createTemplate(
      { templateId: `starter-${name}`, content: starter.template },
      call(),
    );
    template = made.version?.name ?? '';
  });

  test('is taken by the platform without a warning', async () => {
    const { warnings } = await harness.templates.validateTemplate({ content: starter.template }, call());
    expect(warnings).toEqual([]);
  });

  test('explains every variable, and has a body for each dialect', () => {
    const {
      variables,
      dialects: worded,
      styleDefaults,
      forbiddenTerms,
      requiredTerms,
      guidance,
    } = starter.template;
    for (const { description } of variables) expect(description).toMatch(/^.{10,}\.$/);
    expect(worded.map(({ dialect }) => dialect)).toEqual(['tags', 'short']);
    expect(styleDefaults.length).toBeGreaterThanOrEqual(4);
    expect(requiredTerms.length).toBeGreaterThan(0);
    expect(forbiddenTerms.length).toBeGreaterThan(4);
    expect(guidance.length).toBeGreaterThan(200);
  });

  test('renders every brief in every dialect, whole, with what is required and without what is forbidden', async () => {
    const { briefs } = starter.dir;
    expect(briefs.length).toBeGreaterThanOrEqual(12);
    for (const dialect of dialects) {
      const limit = await shortestLimit(dialect);
      const seen = new Set<string>();
      for (const { id, request } of briefs) {
        const where = `${id} in ${dialect}`;
        const { prompt, requiredTerms, warnings } = await render(
          template,
          request.brief as Brief,
          dialect,
          limit,
        );
        const text = prompt?.text ?? '';
        expect({ where, warnings }).toEqual({ where, warnings: [] });
        expect([...text].length).toBeLessThanOrEqual(limit);
        expect(requiredTerms.length).toBe(starter.template.requiredTerms.length);
        expect({ where, missing: requiredTerms.filter((term) => !containsTerm(text, term)) }).toEqual({
          where,
          missing: [],
        });
        expect({ where, forbidden: presentTerms(text, starter.template.forbiddenTerms) }).toEqual({
          where,
          forbidden: [],
        });
        expect(`${where}: ${text}`).not.toMatch(/[{}%]{2}| ,|,,|\bnull\b|\bundefined\b| {2}/);
        expect(prompt?.negativePrompt).toMatch(/^[^{}]{20,512}$/);
        seen.add(text);
      }
      expect(seen.size).toBe(briefs.length);
    }
  });

  test('lets a call override each style singly', async () => {
    const [first] = starter.dir.briefs;
    const brief = first?.request.brief as Brief;
    const plain = (await render(template, brief, 'natural', 0)).prompt?.text ?? '';
    for (const { name: style } of starter.template.styleDefaults) {
      const changed = { ...brief, style: { ...brief.style, [style]: `a quite unusual ${style}` } };
      const text = (await render(template, changed, 'natural', 0)).prompt?.text ?? '';
      expect(text).toContain(`quite unusual ${style}`);
      const without = { ...brief, style: { ...brief.style, [style]: '' } };
      const shorter = (await render(template, without, 'natural', 0)).prompt?.text ?? '';
      expect(shorter.length).toBeLessThan(plain.length);
    }
  });

  test('has examples that differ and that pass its own checks', async () => {
    const { examples, forbiddenTerms } = starter.template;
    expect(examples.length).toBeGreaterThanOrEqual(4);
    const kinds = new Set<string>();
    for (const { variables = {}, prompt } of examples) {
      const brief = { input: { case: 'variables', value: variables }, style: {} } as unknown as Brief;
      const { requiredTerms } = await render(template, brief, 'natural', 0);
      expect(requiredTerms.filter((term) => !containsTerm(prompt, term))).toEqual([]);
      expect(presentTerms(prompt, forbiddenTerms)).toEqual([]);
      expect([...prompt].length).toBeLessThanOrEqual(await shortestLimit('natural'));
      kinds.add(JSON.stringify(variables));
    }
    expect(kinds.size).toBe(examples.length);
  });
});
