import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { isObject } from '../http/one-image.ts';
import { brokenEntry, type Output, type Place } from './graph.ts';

/** What an entry says of its graph beside the places that its capabilities name; all of it may be absent. */
export interface Template {
  /** Where the native model goes, such as `4.ckpt_name`. */
  readonly model: Place | undefined;
  /** The seed, which gets one of our own where nobody asks for any: a graph has to have one. */
  readonly seed: Place | undefined;
  /** Texts in which brackets are brackets, such as `6.text`. */
  readonly literal: readonly Place[];
  /** The outputs behind which fine tunes are loaded. */
  readonly lorasAfter: { readonly model: Output; readonly clip: Output } | undefined;
  /** Where options of a request go, by their names. */
  readonly options: ReadonlyMap<string, Place>;
  /** The node whose images are the result, where the graph saves others too. */
  readonly output: string | undefined;
}

/** Reads the template of an entry. Throws FAILED_PRECONDITION for what is none, as entries come in at run time. */
export function readTemplate(value: JsonValue | undefined): Template {
  const template = value === undefined ? {} : object(value, 'template');
  const { model, seed, literal = [], loras_after: after, options = {}, output } = template;
  if (!Array.isArray(literal)) throw brokenEntry('template.literal must be a list');
  return {
    model: model === undefined ? undefined : place(model, 'template.model'),
    seed: seed === undefined ? undefined : place(seed, 'template.seed'),
    literal: literal.map((item) => place(item, 'template.literal')),
    lorasAfter: after === undefined ? undefined : outputs(object(after, 'template.loras_after')),
    options: new Map(
      Object.entries(object(options, 'template.options')).map(([name, item]) => [
        name,
        place(item, 'template.options'),
      ]),
    ),
    output: output === undefined ? undefined : String(output),
  };
}

function object(value: JsonValue, path: string): JsonObject {
  if (isObject(value)) return value;
  throw brokenEntry(`${path} must be an object`);
}

function place(value: JsonValue, path: string): Place {
  const match = typeof value === 'string' ? /^(.+)\.([^.]+)$/.exec(value) : null;
  const [, node, input] = match ?? [];
  if (node === undefined || input === undefined)
    throw brokenEntry(`${path} must be a node and its input, such as 6.text`);
  return { node, input };
}

function outputs({ model, clip }: JsonObject): { readonly model: Output; readonly clip: Output } {
  return { model: output(model), clip: output(clip) };
}

function output(value: JsonValue | undefined): Output {
  const [node, index] = Array.isArray(value) ? value : [];
  if (typeof node === 'string' && typeof index === 'number') return [node, index];
  throw brokenEntry('template.loras_after must name outputs, such as ["4", 0]');
}
