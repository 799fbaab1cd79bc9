import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';

/** A Liquid text of a question and where it is, below the question. */
export interface QuestionText {
  readonly path: string;
  readonly source: string;
}

/** Every text of a question that is rendered over the brief's variables. */
export function textsOf(question: Question): QuestionText[] {
  const own = [
    { path: 'text', source: question.text },
    { path: 'hint', source: question.hint },
    { path: 'negated_text', source: question.negatedText },
    { path: 'open_count.of', source: question.openCount?.of ?? '' },
    { path: 'open_count.expected', source: question.openCount?.expected ?? '' },
  ].filter(({ source }) => source !== '');
  const parameters = question.check?.parameters ?? {};
  return [...own, ...textsIn(parameters, 'check.parameters')];
}

function textsIn(value: JsonValue, path: string): QuestionText[] {
  if (typeof value === 'string') return [{ path, source: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, `${path}[${index}]`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]) => textsIn(item, `${path}.${name}`));
}

/** Whether a text has anything to render. */
export function isTemplated(source: string): boolean {
  return source.includes('{{') || source.includes('{%');
}

/** The same structure with every text changed. */
export function mapTexts(
  parameters: JsonObject,
  change: (source: string, path: string) => string,
): JsonObject {
  return mapValue(parameters, 'check.parameters', change) as JsonObject;
}

function mapValue(
  value: JsonValue,
  path: string,
  change: (source: string, path: string) => string,
): JsonValue {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapValue(item, `${path}[${index}]`, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapValue(item, `${path}.${name}`, change)]),
  );
}
