import type { DescMessage, JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { toJson } from '@bufbuild/protobuf';

/** Longest text that is kept of a field, and most items of a list. */
const MAX_TEXT = 256;
const MAX_ITEMS = 32;

/** Fields that hold what callers write, which is not the audit's to keep. */
const LEFT_OUT = new Set(['content', 'prompt', 'questions', 'parameters', 'variables', 'secret']);

/** What an act was about, as far as request and answer tell. */
export interface ActSubject {
  /** Name of the resource; empty where none is named. */
  readonly resource: string;
  /** Team of the resource, where one is named. */
  readonly team: string | undefined;
  /** What was asked for, without texts of callers. */
  readonly details: JsonObject;
}

/** Reads the subject of an act from its request, and from its answer where there is one. */
export function subjectOf(
  { input, output }: { readonly input: DescMessage; readonly output: DescMessage },
  request: Message,
  response: object | undefined,
): ActSubject {
  const asked = readable(input, request);
  const answered = response === undefined ? {} : answerJson(output, response);
  const resource =
    nameIn(answered) ?? nameIn(asked) ?? text(asked.resource) ?? text(asked.project) ?? singleIn(asked) ?? '';
  const team = resource.startsWith('teams/') ? resource : (teamIn(answered) ?? teamIn(asked));
  return { resource, team, details: summary(asked) };
}

/** A value that has no JSON form, such as a time out of range, must not stop the record of the act. */
function readable(schema: DescMessage, message: Message): JsonObject {
  try {
    return toJson(schema, message) as JsonObject;
  } catch {
    return {};
  }
}

/** Names and teams of what the answer holds. Handlers answer with messages, or with plain objects of their shape. */
function answerJson(output: DescMessage, response: object): JsonObject {
  const parts = output.fields.map(({ localName }): [string, JsonObject] => {
    const value = (response as Record<string, unknown>)[localName];
    const { name, team } = (typeof value === 'object' && value !== null ? value : {}) as JsonObject;
    return [localName, { name: text(name) ?? '', team: text(team) ?? '' }];
  });
  return Object.fromEntries(parts);
}

/** What there is one of has no name but its own. */
function singleIn(object: JsonObject): string | undefined {
  return isObject(object.organisation) ? 'organisation' : undefined;
}

function nameIn(object: JsonObject): string | undefined {
  return text(object.name) ?? firstInside(object, 'name');
}

function teamIn(object: JsonObject): string | undefined {
  return text(object.team) ?? firstInside(object, 'team');
}

function firstInside(object: JsonObject, field: string): string | undefined {
  for (const value of Object.values(object)) {
    if (isObject(value)) {
      const found = text(value[field]);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Scalars, lists of scalars, and the same one level below. */
function summary(object: JsonObject, depth = 1): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    if (LEFT_OUT.has(key)) continue;
    if (isObject(value)) {
      if (depth > 0) kept[key] = summary(value, depth - 1);
    } else if (Array.isArray(value)) {
      kept[key] = value.filter((item) => !isObject(item) && !Array.isArray(item)).slice(0, MAX_ITEMS);
    } else {
      kept[key] = typeof value === 'string' ? value.slice(0, MAX_TEXT) : value;
    }
  }
  return kept;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
