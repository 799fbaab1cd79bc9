import {
  type FieldCapability,
  type Model,
  ModelState,
  type PriceRule,
  Support,
} from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { toJson } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate, ValueSchema } from '@bufbuild/protobuf/wkt';
import { FIELDS, roleName, roleNames, taskName } from '../parameters/vocabulary.ts';

/** Parts of list fields that entries describe by themselves, below the field that they belong to. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  reference_images: roleNames().flatMap((role) => [`${role}_image`, `${role}_strength`]),
  fine_tunes: ['fine_tune_weight'],
};

/** The cells of the mapping table: the prompt, every field of the vocabulary, and what single parts of list fields can do. */
export const CELLS: readonly string[] = [
  'prompt',
  ...FIELDS.flatMap((field) => [field, ...(PARTS[field] ?? [])]),
];

const INTRODUCTION = `# Providers, models and what they can do

Generated from the catalog by \`npm run generate\`; change the entries in \`services/provider-adapter/src/catalog/data\` and not
this file.

A field that a model has is **sent**: NATIVE, or CLAMPED to the nearest value that the model takes, which STRICT refuses. One
that is **emulated** is brought about by the platform under ADAPT and recorded as EMULATED: words in the prompt, a crop, another
encoding; STRICT refuses it and IGNORE drops it. One that is **missing** (—) is refused by name under STRICT, and DROPPED under
ADAPT and IGNORE. Whatever happens is in the receipt.
`;

const LEGEND = `What becomes of a field on a provider's models, which \`tests/receipts.test.ts\` holds against every one of them with a value
that it takes, one that it does not, and under all three policies:

| mark | a value that the model takes | any other value under ADAPT | under STRICT | under IGNORE |
| --- | --- | --- | --- | --- |
| native | NATIVE | there is none | | |
| native or clamped | NATIVE | CLAMPED to the nearest; EMULATED for \`style\` (words), \`output_format\` (encoding), \`size\` (scaling) and \`count\` (several requests); DROPPED where nothing is near | refused by name | DROPPED |
| emulated | EMULATED | EMULATED | refused by name | DROPPED |
| dropped | DROPPED | DROPPED | refused by name | DROPPED |

A ratio or a resolution that a model lacks is EMULATED by a size that has it, where the model has sizes, and CLAMPED where no
size has it. An overlong \`prompt\` is CLAMPED under IGNORE too, and \`count\` is never refused. Where a provider's models differ, each
mark has the number of models: "native 3, emulated 1" is sent to three of them, and brought about for one. Models that are
disabled are left out here.
`;

/** The marks of the overview, from the best to the least. */
const MARKS = {
  native: 'native',
  clamped: 'native or clamped',
  emulated: 'emulated',
  dropped: 'dropped',
} as const;

/** Providers beside each other in the overview: more are not seen at once. */
const COLUMNS = 6;

/** The document on all providers: an overview, and for each provider its models, fields and prices. Pure. */
export function providersDocument(models: readonly Model[]): string {
  const providers = [...Map.groupBy(models, ({ provider }) => provider)].sort(([a], [b]) => (a < b ? -1 : 1));
  const live = providers.map(
    ([name, own]) => [name, own.filter(({ state }) => state !== ModelState.DISABLED)] as const,
  );
  return [
    INTRODUCTION,
    '## Overview\n',
    LEGEND,
    ...chunked(live, COLUMNS).flatMap((some) => [
      table(
        ['field', ...some.map(([name, own]) => `${name} (${own.length})`)],
        CELLS.map((field) => [`\`${field}\``, ...some.map(([, own]) => overviewCell(own, field))]),
      ),
      '',
    ]),
    ...providers.map(([name, own]) => providerSection(name, own)),
  ].join('\n');
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function overviewCell(models: readonly Model[], field: string): string {
  const order: readonly string[] = Object.values(MARKS);
  const marks = [...Map.groupBy(models, (model) => markOf(model, field))].sort(
    ([a], [b]) => order.indexOf(a) - order.indexOf(b),
  );
  const [first] = marks;
  if (marks.length === 1 && first !== undefined) return first[0];
  return marks.map(([mark, own]) => `${mark} ${own.length}`).join(', ');
}

/** The mark in the overview for what becomes of a field. */
function markOf(model: Model, field: string): string {
  if (field === 'provider_options') return model.optionsSchema === undefined ? MARKS.dropped : MARKS.clamped;
  const capability = capabilityOf(model, field);
  switch (supportOf(model, field)) {
    case Support.NATIVE:
      return capability !== undefined &&
        (isLimited(capability) || (field === 'prompt' && model.maxPromptChars > 0))
        ? MARKS.clamped
        : MARKS.native;
    case Support.EMULATED:
      return MARKS.emulated;
    default:
      // Several requests make several images.
      return field === 'count' ? MARKS.emulated : MARKS.dropped;
  }
}

function isLimited({ min, max, step, values, roles, minArea, maxArea, maxRatio }: FieldCapability): boolean {
  const limits = [min, max, step, minArea, maxArea, maxRatio];
  return values.length > 0 || roles.length > 0 || limits.some((limit) => limit !== undefined);
}

function providerSection(name: string, models: readonly Model[]): string {
  const fields = CELLS.filter((field) => models.some((model) => capabilityOf(model, field) !== undefined));
  return [
    `\n## ${name}\n`,
    table(
      ['model', 'native model', 'state', 'introduced', 'shut down', 'tasks', 'images per request', 'price'],
      models.map((model) => [
        `\`${idOf(model.name)}\``,
        `\`${model.nativeModel}\`${model.operation === '' ? '' : ` (${model.operation})`}`,
        stateText(model),
        dateText(model.introduceTime),
        shutdownText(model),
        model.tasks.map(taskName).join(', '),
        String(model.maxImagesPerRequest),
        priceText(model),
      ]),
    ),
    '',
    table(
      ['field', 'models', 'what becomes of it'],
      fields.flatMap((field) => fieldRows(models, field)),
    ),
  ].join('\n');
}

/** One row for each way in which the provider's models take a field. */
function fieldRows(models: readonly Model[], field: string): string[][] {
  const ways = Map.groupBy(models, (model) => wayOf(capabilityOf(model, field)));
  return [...ways].map(([way, own]) => [
    `\`${field}\``,
    own.length === models.length ? 'all' : own.map(({ name }) => `\`${idOf(name)}\``).join(', '),
    way,
  ]);
}

function wayOf(capability: FieldCapability | undefined): string {
  if (
    capability === undefined ||
    capability.support === Support.NONE ||
    capability.support === Support.UNSPECIFIED
  )
    return '—';
  if (capability.support === Support.EMULATED) return 'emulated';
  const places = capability.native.map(({ path }) => `\`${path}\``).join(', ');
  return [
    'sent',
    capability.required ? '(needed)' : '',
    places === '' ? '' : `as ${places}`,
    rangeText(capability),
  ]
    .filter(Boolean)
    .join(' ');
}

function rangeText(capability: FieldCapability): string {
  const { min, max, step, values, minArea, maxArea, maxRatio, roles, defaultValue } = capability;
  const isLong = values.length > 24;
  const facts = [
    isLong && `one of ${values.length} values`,
    !isLong && values.length > 0 && `one of ${values.join(', ')}`,
    (min !== undefined || max !== undefined) && `${min ?? '…'} to ${max ?? '…'}`,
    step !== undefined && step !== 1 && `multiples of ${step}`,
    minArea !== undefined && `at least ${minArea} pixels`,
    maxArea !== undefined && `at most ${maxArea} pixels`,
    maxRatio !== undefined && `at most ${maxRatio}:1`,
    roles.length > 0 && roles.map(roleName).join(', '),
    defaultValue !== undefined && `default ${JSON.stringify(toJson(ValueSchema, defaultValue))}`,
  ].filter((fact) => fact !== false);
  return facts.length === 0 ? '' : `(${facts.join('; ')})`;
}

function stateText({ state }: Model): string {
  const [name = ''] = Object.entries(ModelState).find(([, value]) => value === state) ?? [];
  return name.toLowerCase();
}

function shutdownText({ shutdownTime, successor }: Model): string {
  if (shutdownTime === undefined) return '';
  return `${dateText(shutdownTime)}${successor === '' ? '' : `, then \`${idOf(successor)}\``}`;
}

function priceText({ pricing }: Model): string {
  if (pricing === undefined || pricing.rules.length === 0) return 'unknown';
  const bounds = pricing.bounds.map((rule) => `at most ${ruleText(rule)}`);
  return `${[...pricing.rules.map(ruleText), ...bounds].join('; ')} (${pricing.version})`;
}

function ruleText({ unit, microUsd, when, roundUp }: PriceRule): string {
  const conditions = Object.entries(when).map(([field, value]) => `${field} ${value}`);
  const price = Number((microUsd / 1_000_000).toPrecision(6));
  return `$${price} per ${roundUp ? 'begun ' : ''}${unit}${conditions.length === 0 ? '' : ` (${conditions.join(', ')})`}`;
}

function supportOf(model: Model, field: string): Support {
  const support = capabilityOf(model, field)?.support ?? Support.NONE;
  return support === Support.UNSPECIFIED ? Support.NONE : support;
}

function capabilityOf({ capabilities }: Model, field: string): FieldCapability | undefined {
  return capabilities.find((capability) => capability.field === field);
}

function idOf(name: string): string {
  return name.slice('models/'.length);
}

function dateText(time: Timestamp | undefined): string {
  return time === undefined ? '' : timestampDate(time).toISOString().slice(0, 10);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
