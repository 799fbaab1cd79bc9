import {
  type TemplateContent,
  TemplateContentSchema,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { fromJson, type JsonObject } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { compileTemplate } from './compile.ts';

const content = (json: JsonObject): TemplateContent =>
  fromJson(TemplateContentSchema, { body: 'x', ...json });
const item = { name: 'item' };
const tags = { name: 'tags', type: 'VARIABLE_TYPE_LIST' };
const count = { name: 'count', type: 'VARIABLE_TYPE_NUMBER' };
const lighting = { name: 'lighting', value: 'soft light' };

const good: JsonObject[] = [
  { body: 'An apple.' },
  { body: '{{ item }} {{ item.size }}', variables: [item] },
  { body: '{% for tag in tags %}{{ forloop.index }} {{ tag }}{% endfor %} {{ tags[0] }}', variables: [tags] },
  { body: '{% assign n = count | times: 2 %}{{ n }}', variables: [count] },
  { body: '{% if item %}{{ item | upcase }}{% else %}thing{% endif %}', variables: [item] },
  { body: '{{ brief }}, {{ style.lighting }}', styleDefaults: [lighting] },
  { body: 'x', variables: [item], styleDefaults: [{ name: 'background', value: 'a {{ item }} background' }] },
];

test.each(good)('%j compiles', (json) => {
  expect(compileTemplate(content(json)).problems).toEqual([]);
});

const bad: [JsonObject, string, RegExp][] = [
  [{ body: '{{ item' }, 'content.body', /^line 1, column 1: output "\{\{ item" not closed/],
  [{ body: 'a\n {% if item %}x', variables: [item] }, 'content.body', /^line 2, column 2: .*not closed/],
  [{ body: '{{ colur }}' }, 'content.body', /^line 1, column 4: colur is not declared$/],
  [{ body: '{{ item | shout }}', variables: [item] }, 'content.body', /undefined filter: shout/],
  [{ body: '{% loop %}' }, 'content.body', /tag "loop" not found/],
  [{ body: '{% include "/etc/passwd" %}' }, 'content.body', /tag "include" not found/],
  [{ body: '{% render "x" %}' }, 'content.body', /tag "render" not found/],
  [{ body: '{% layout "x" %}' }, 'content.body', /tag "layout" not found/],
  [{ body: '{{ "now" | date: "%s" }}' }, 'content.body', /undefined filter: date/],
  [{ body: '{{ tags | sample }}', variables: [tags] }, 'content.body', /undefined filter: sample/],
  [{ body: '{{ item.constructor }}', variables: [item] }, 'content.body', /item has no property constructor/],
  [{ body: '{{ count.size }}', variables: [count] }, 'content.body', /count has no property size/],
  [
    { body: '{{ style.mood }}', styleDefaults: [lighting] },
    'content.body',
    /style\.mood is not declared in style_defaults/,
  ],
  [{ body: '{{ style }}' }, 'content.body', /style is used with a name behind a dot/],
  [
    { body: '{{ style[item] }}', variables: [item] },
    'content.body',
    /style is used with a name behind a dot/,
  ],
  [{ body: '{{ brief.words }}' }, 'content.body', /brief has no properties/],
  [{ negativePrompt: '{{ nope }}' }, 'content.negative_prompt', /nope is not declared/],
  [{ requiredTerms: ['a', '{{ nope }}'] }, 'content.required_terms[1]', /nope is not declared/],
  [
    { dialects: [{ dialect: 'tags', body: '{{ nope }}' }] },
    'content.dialects[0].body',
    /nope is not declared/,
  ],
  [
    { dialects: [{ dialect: 'tags', negativePrompt: '{{' }] },
    'content.dialects[0].negative_prompt',
    /not closed/,
  ],
  [{ dialects: [{ dialect: 'tags' }, { dialect: 'tags' }] }, 'content.dialects[1].dialect', /given twice/],
  [{ styleDefaults: [lighting, lighting] }, 'content.style_defaults[1].name', /declared twice/],
  [
    { styleDefaults: [lighting, { name: 'mood', value: '{{ style.lighting }}' }] },
    'content.style_defaults[1].value',
    /style\.lighting is not declared/,
  ],
  [{ variables: [item, item] }, 'content.variables[1].name', /declared twice/],
  [{ variables: [{ name: 'style' }] }, 'content.variables[0].name', /meaning of its own/],
  [{ variables: [{ name: 'brief' }] }, 'content.variables[0].name', /meaning of its own/],
  [{ variables: [{ name: 'e', type: 'VARIABLE_TYPE_ENUM' }] }, 'content.variables[0].values', /needs values/],
  [
    { variables: [{ name: 'e', type: 'VARIABLE_TYPE_ENUM', values: ['a', 'a'] }] },
    'content.variables[0].values',
    /must differ/,
  ],
  [{ variables: [{ ...item, values: ['a'] }] }, 'content.variables[0].values', /for enums only/],
  [{ variables: [{ ...count, maxLength: 3 }] }, 'content.variables[0].max_length', /texts and lists only/],
  [
    { variables: [item, item, { ...count, name: 'n', defaultValue: 'many' }].slice(1) },
    'content.variables[1].default_value',
    /must be a number/,
  ],
  [
    { variables: [{ name: 'e', type: 'VARIABLE_TYPE_ENUM', values: ['a'], defaultValue: 'b' }] },
    'content.variables[0].default_value',
    /must be one of a/,
  ],
  [{ forbiddenTerms: ['blood', ' '] }, 'content.forbidden_terms[1]', /must not be empty/],
  [
    { requiredTerms: ['a Brand logo'], forbiddenTerms: ['brand'] },
    'content.required_terms[0]',
    /holds the forbidden term "brand"/,
  ],
  [
    { variables: [item], examples: [{ prompt: 'p', variables: { colour: 'red' } }] },
    'content.examples[0].variables["colour"]',
    /is not a variable/,
  ],
  [
    { variables: [count], examples: [{ prompt: 'p', variables: { count: 'x' } }] },
    'content.examples[0].variables["count"]',
    /must be a number/,
  ],
  [{ variables: [item], examples: [{ prompt: 'p' }] }, 'content.examples[0]', /needs variables/],
  [
    { forbiddenTerms: ['blood'], examples: [{ prompt: 'Blood orange', brief: 'orange' }] },
    'content.examples[0].prompt',
    /forbidden term "blood"/,
  ],
];

test.each(bad)('%j is refused at %s', (json, field, description) => {
  const { compiled, problems } = compileTemplate(content(json));
  expect(compiled).toBeUndefined();
  expect(problems).toEqual([{ field, description: expect.stringMatching(description) }]);
});

describe('compileTemplate', () => {
  test('tells everything that is wrong at once', () => {
    const { problems } = compileTemplate(
      content({ body: '{{ a }} {{ b }}', negativePrompt: '{{', variables: [{ name: 'style' }] }),
    );
    expect(problems.map(({ field }) => field)).toEqual([
      'content.variables[0].name',
      'content.body',
      'content.body',
      'content.negative_prompt',
    ]);
  });

  test('names what is used, and warns of what looks wrong', () => {
    const { usedVariables, warnings } = compileTemplate(
      content({
        body: '{{ item }} {{ style.lighting }} cheap',
        variables: [item, tags, { ...count, required: true, defaultValue: 1 }],
        styleDefaults: [{ name: 'lighting', value: '{{ count }} lamps' }],
        requiredTerms: ['fresh'],
        forbiddenTerms: ['cheap'],
        examples: [
          {
            variables: { item: 'cup' },
            prompt: 'A cup',
            image: 'images/0192f0c0-0000-7000-8000-000000000001',
          },
          { variables: { item: 'cup' }, prompt: 'A cup', image: 'cup.png' },
        ],
      }),
    );
    expect(usedVariables).toEqual(['count', 'item', 'style.lighting']);
    expect(warnings).toEqual([
      expect.stringContaining('tags is declared and never used'),
      expect.stringContaining('count is required and has a default'),
      expect.stringContaining('forbidden term "cheap"'),
      expect.stringContaining('required term "fresh"'),
      'The image of example 2 is not the name of an image, images/{id}.',
    ]);
  });

  test('warns of characters that nobody sees, since versions that have them are to be rendered still', () => {
    const { problems, warnings } = compileTemplate(
      content({
        body: 'An apple\u001b[31m',
        dialects: [{ dialect: 'tags', body: 'apple,\tred' }],
        styleDefaults: [{ name: 'light', value: '\u202eredlit' }],
        examples: [{ variables: {}, brief: 'apple', prompt: 'An apple\u0007' }],
      }),
    );
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      'The body holds control characters: no prompt gets them.',
      'The style light holds control characters: no prompt gets them.',
      'Example 1 holds control characters: no prompt gets them.',
    ]);
  });
});
