import { ReferenceRoleSchema, TaskSchema } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  type FieldCapability,
  type Model,
  ModelStateSchema,
  SupportSchema,
} from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { enumName, enumWord, formatTime, formatValue } from '../output/format.ts';
import { table } from '../output/table.ts';
import { plain } from '../output/text.ts';

/** Models in a table. */
export function modelTable(models: readonly Model[]): string[] {
  const rows = models.map((model) => [
    model.name,
    model.provider,
    enumWord(ModelStateSchema, model.state),
    model.configured ? 'yes' : `no: ${model.missingSettings.join(', ') || 'not configured'}`,
    model.tasks.map((task) => enumWord(TaskSchema, task)).join(', '),
    price(model),
  ]);
  return table(['model', 'provider', 'state', 'configured', 'tasks', 'price'], rows);
}

/** A model in all that a caller has to know of it. */
export function modelLines(model: Model): string[] {
  const { name, displayName, description, provider, nativeModel, aliases, state } = model;
  const { tasks, configured, capabilities } = model;
  const fields = capabilities.map((capability) => [
    capability.field,
    enumWord(SupportSchema, capability.support),
    range(capability),
    capability.native.map(({ path }) => path).join(', '),
  ]);
  return [
    `${name}${displayName === '' ? '' : `: ${plain(displayName)}`}`,
    ...(description === '' ? [] : [`  ${plain(description)}`]),
    `  served by ${provider} as ${nativeModel}, ${enumWord(ModelStateSchema, state)}`,
    ...(configured ? [] : [`  not configured; missing: ${model.missingSettings.join(', ')}`]),
    ...(aliases.length === 0 ? [] : [`  also known as ${aliases.join(', ')}`]),
    `  tasks: ${tasks.map((task) => enumWord(TaskSchema, task)).join(', ')}`,
    ...promptLines(model),
    `  price: ${price(model)}`,
    ...(model.pricing?.source ? [`    ${model.pricing.version}: ${plain(model.pricing.source)}`] : []),
    ...termsLines(model),
    ...(model.shutdownTime === undefined
      ? []
      : [`  shut down: ${formatTime(model.shutdownTime).slice(0, 10)}`]),
    ...(model.successor === '' ? [] : [`  successor: ${model.successor}`]),
    ...model.combinations.map((rule) => `  rule: ${ruleText(rule)}`),
    ...optionLines(model),
    '',
    ...table(['field', 'support', 'takes', 'sent as'], fields).map((line) => `  ${line}`),
  ];
}

function price({ pricing }: Model): string {
  const rules = pricing?.rules ?? [];
  if (rules.length === 0) return 'unknown';
  return rules
    .map(({ unit, microUsd, when }) => {
      const conditions = Object.entries(when).map(([field, value]) => `${field} ${value}`);
      const amount = `$${(microUsd / 1e6).toFixed(6).replace(/0{1,4}$/, '')}/${unit}`;
      return conditions.length === 0 ? amount : `${amount} (${conditions.join(', ')})`;
    })
    .join('; ');
}

function range(capability: FieldCapability): string {
  const { min, max, step, minArea, maxArea, maxRatio, values, roles, required, defaultValue } = capability;
  return [
    required ? 'needed' : '',
    limits(min, max),
    step === undefined || step === 1 ? '' : `in steps of ${step}`,
    minArea === undefined ? '' : `at least ${minArea} pixels`,
    maxArea === undefined ? '' : `at most ${maxArea} pixels`,
    maxRatio === undefined ? '' : `sides at most ${maxRatio}:1`,
    listed(values),
    roles.map((role) => enumName(ReferenceRoleSchema, role).toLowerCase()).join(', '),
    defaultValue === undefined ? '' : `${formatValue(toJson(ValueSchema, defaultValue))} where nobody asks`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** More values than these are counted, and `--json` has them. */
const MOST_VALUES = 16;

function listed(values: readonly string[]): string {
  if (values.length <= MOST_VALUES) return values.join(', ');
  return `${values.slice(0, MOST_VALUES / 2).join(', ')} and ${values.length - MOST_VALUES / 2} others`;
}

function limits(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (max !== undefined) return `at most ${max}`;
  return min === undefined ? '' : `at least ${min}`;
}

function promptLines({ maxPromptChars, promptDialect, maxImagesPerRequest }: Model): string[] {
  const facts = [
    promptDialect === ''
      ? ''
      : `best ${promptDialect === 'natural' ? 'in sentences' : `as ${promptDialect}`}`,
    maxPromptChars === 0 ? '' : `at most ${maxPromptChars} characters`,
  ].filter(Boolean);
  return [
    ...(facts.length === 0 ? [] : [`  prompts: ${facts.join(', ')}`]),
    ...(maxImagesPerRequest > 1 ? [`  images in one request: at most ${maxImagesPerRequest}`] : []),
  ];
}

function termsLines({ terms }: Model): string[] {
  if (terms === undefined) return ['  terms: not known'];
  const { commercialUse, license, region, inputRetention } = terms;
  const use = { true: 'allowed', false: 'not allowed' }[String(commercialUse)] ?? 'not known';
  return [
    `  terms: ${license === '' ? 'not known' : plain(license)}; commercial use ${use}`,
    ...(region === '' ? [] : [`  worked on in: ${plain(region)}`]),
    ...(inputRetention === '' ? [] : [`  inputs: ${plain(inputRetention)}`]),
  ];
}

function ruleText({ when, excludes, requires, reason }: Model['combinations'][number]): string {
  const parts = [
    excludes.length === 0 ? '' : `not with ${excludes.join(', ')}`,
    requires.length === 0 ? '' : `only with ${requires.join(', ')}`,
  ].filter(Boolean);
  return `${when.join(' and ')} ${parts.join(', ')}${reason === '' ? '' : `: ${plain(reason)}`}`;
}

function optionLines({ optionsSchema }: Model): string[] {
  const names = Object.keys((optionsSchema?.properties ?? {}) as object);
  return names.length === 0 ? [] : [`  provider_options: ${names.join(', ')}`];
}
