import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import fc from 'fast-check';

/** A version and the aliases that point at it. */
export interface ArbitraryVersion {
  readonly content: JsonObject;
  readonly aliases: readonly string[];
}

/** A resource as a team may have made it. */
export interface ArbitraryResource {
  readonly header: JsonObject;
  readonly versions: readonly ArbitraryVersion[];
}

/** What YAML has its own ideas of, and words that fold. Nothing that opens a Liquid tag, and no z. */
const pieces = fc.constantFrom(
  ...[
    'a',
    'word',
    'some words',
    ' ',
    '  ',
    '\n',
    '\n\n',
    ': ',
    ' #',
    '- ',
    '? ',
    '| ',
    '> ',
    '& ',
    '* ',
    '! ',
    '% ',
    '@',
    '`',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\t',
    'yes',
    'null',
    '~',
    '0x1f',
    '1e3',
    '.5',
    '2026-01-01',
    '[',
    ']',
    '{ ',
    ' }',
    ',',
    'é',
    '日本',
    '😀',
    '\u00a0',
    '…',
  ],
  'a rather long run of words that has to be folded where a line has no more room for it, at a single space',
);
const text = (max: number) =>
  fc
    .array(pieces, { minLength: 1, maxLength: 12 })
    .map((parts) => parts.join(''))
    .filter((value) => value.length <= max && value.trim() !== '' && !/\{[{%]/.test(value));
/** Texts that variables and styles of a brief may have: no control characters. */
const plainText = (max: number) =>
  text(max)
    .map((value) => value.replace(/[\n\t]/g, ' ').trim())
    .filter(Boolean);

const name = fc.constantFrom('item', 'colour', 'count', 'background', 'mood', 'props');

const variable = fc.oneof(
  fc.record({
    type: fc.constant('VARIABLE_TYPE_TEXT'),
    defaultValue: plainText(200),
    description: text(300),
  }),
  fc.record({
    type: fc.constant('VARIABLE_TYPE_NUMBER'),
    defaultValue: fc.oneof(fc.integer({ min: -9, max: 99 }), fc.constant(0.25)),
  }),
  fc.record({
    type: fc.constant('VARIABLE_TYPE_LIST'),
    defaultValue: fc.array(plainText(60), { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('VARIABLE_TYPE_ENUM'),
    values: fc.constant<string[]>(['yes', 'no', '1']),
    required: fc.boolean(),
  }),
);

/** Content that the platform takes as a template's. */
export const templateContent: fc.Arbitrary<JsonObject> = fc
  .record({
    body: text(400),
    negativePrompt: fc.option(text(200), { nil: '' }),
    guidance: fc.option(text(400), { nil: '' }),
    variables: fc.dictionary(name, variable, { maxKeys: 4 }),
    styles: fc.dictionary(fc.constantFrom('light', 'framing', 'palette'), text(120), { maxKeys: 3 }),
    example: fc.option(text(300), { nil: undefined }),
    parameters: fc.option(
      fc.record({
        seed: fc.nat().map(String),
        guidance: fc.constantFrom(1.5, 7),
        providerOptions: fc.constant<JsonObject>({ z: 1, a: { y: [1], b: '2' } }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ body, variables, styles, example, parameters, ...rest }) => {
    const names = Object.keys(variables);
    return clean({
      ...rest,
      body: [body, ...names.map((each) => `{{ ${each} }}`)].join(' '),
      variables: names.map((each) => ({ name: each, ...variables[each] })),
      styleDefaults: Object.entries(styles).map(([each, value]) => ({ name: each, value })),
      ...(example !== undefined && { examples: [{ brief: 'in words', prompt: example }] }),
      dialects: [{ dialect: 'short', body: body.slice(0, 40) || 'short' }],
      forbiddenTerms: ['zzz'],
      ...(parameters !== undefined && { parameters }),
    });
  });

/** Content that the platform takes as a rubric's. */
export const rubricContent: fc.Arbitrary<JsonObject> = fc
  .array(
    fc.record({
      text: text(300),
      required: fc.boolean(),
      weight: fc.constantFrom(0, 0.5, 2),
      hint: fc.option(text(200), { nil: '' }),
      category: fc.constantFrom('', 'quality', 'subject'),
      expectedAnswer: fc.constantFrom('EXPECTED_ANSWER_YES', 'EXPECTED_ANSWER_NO'),
      check: fc.option(
        fc.constantFrom<JsonObject>(
          { kind: 'not_blank' },
          { kind: 'minimum_size', parameters: { width: 9, height: 8 } },
        ),
        { nil: undefined },
      ),
      passThreshold: fc.option(fc.constantFrom(0, 0.65), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((questions) =>
    clean({
      questions: questions.map((question, index) =>
        clean({ id: `q${index}`, ...question, dependsOn: index > 0 ? ['q0'] : [] }),
      ),
    }),
  );

const header = fc.record({
  displayName: fc.option(text(100), { nil: '' }),
  description: fc.option(text(400), { nil: '' }),
  visibility: fc.constantFrom('VISIBILITY_TEAM', 'VISIBILITY_ORGANISATION'),
  labels: fc.dictionary(fc.constantFrom('use', 'season', 'a b'), text(40), { maxKeys: 3 }),
});

/** A resource with up to four versions, some of them alike, and up to three aliases. */
export const resource = (content: fc.Arbitrary<JsonObject>): fc.Arbitrary<ArbitraryResource> =>
  fc
    .record({
      header,
      contents: fc.array(content, { minLength: 1, maxLength: 3 }),
      order: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
      aliases: fc.dictionary(fc.constantFrom('production', 'canary', 'old'), fc.nat(3), { maxKeys: 3 }),
    })
    .map(({ header: own, contents, order, aliases }) => ({
      header: own,
      versions: order.map((pick, index) => ({
        content: contents[pick % contents.length] as JsonObject,
        aliases: Object.keys(aliases).filter((alias) => (aliases[alias] ?? 0) % order.length === index),
      })),
    }));

function clean(object: { [key: string]: JsonValue | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}
