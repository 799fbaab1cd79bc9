import { type Variable, VariableType } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { JsonValue } from '@bufbuild/protobuf';
import { hasControls } from '../text/controls.ts';

/** A value of a variable. */
export type VariableValue = string | number | readonly string[];

/** A value, or what is wrong with it. */
export type ReadValue =
  | { readonly value: VariableValue; readonly problem?: undefined }
  | { readonly problem: string };

/** The platform's limits: characters of a text, items of a list. */
const MAX_TEXT = 4_096;
const MAX_ITEMS = 100;

const IMAGE_NAME = /^images\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;

/** Whether a text is the name of an image. */
export function isImageName(text: string): boolean {
  return IMAGE_NAME.test(text);
}

/** Values that an error names at most. */
const MAX_NAMED = 10;

/** Reads the value that a brief gives for a variable, by the variable's type. */
export function readValue(variable: Variable, value: JsonValue): ReadValue {
  switch (variable.type) {
    case VariableType.ENUM:
      return readEnum(variable, value);
    case VariableType.NUMBER:
      return readNumber(value);
    case VariableType.LIST:
      return readList(variable, value);
    case VariableType.IMAGE:
      return typeof value === 'string' && isImageName(value)
        ? { value }
        : { problem: 'must be the name of an image, images/{id}' };
    default:
      return readText(variable, value);
  }
}

function readText({ maxLength }: Variable, value: JsonValue): ReadValue {
  if (typeof value !== 'string') return { problem: `must be text, not ${kindOf(value)}` };
  if (hasControls(value)) return { problem: 'must not contain control characters' };
  const limit = maxLength || MAX_TEXT;
  const length = [...value].length;
  return length > limit ? { problem: `has ${length} characters; at most ${limit} are allowed` } : { value };
}

function readEnum({ values }: Variable, value: JsonValue): ReadValue {
  if (typeof value === 'string' && values.includes(value)) return { value };
  const named = values.slice(0, MAX_NAMED).join(', ');
  const more = values.length > MAX_NAMED ? ` and ${values.length - MAX_NAMED} more` : '';
  return { problem: `must be one of ${named}${more}` };
}

/** A number, or its decimal text, as rows of a spreadsheet have it. */
function readNumber(value: JsonValue): ReadValue {
  if (typeof value === 'number' && Number.isFinite(value)) return { value };
  if (typeof value === 'string' && DECIMAL.test(value.trim())) return { value: Number(value) };
  return { problem: `must be a number, not ${kindOf(value)}` };
}

function readList(variable: Variable, value: JsonValue): ReadValue {
  if (!Array.isArray(value)) return { problem: `must be a list of texts, not ${kindOf(value)}` };
  if (value.length > MAX_ITEMS)
    return { problem: `has ${value.length} items; at most ${MAX_ITEMS} are allowed` };
  const items: string[] = [];
  for (const [index, item] of value.entries()) {
    const read = readText(variable, item);
    if (read.problem !== undefined) return { problem: `item ${index} ${read.problem}` };
    items.push(read.value as string);
  }
  return { value: items };
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value === 'string' ? 'text' : typeof value}`;
}
