import { invalidArgument } from '@atelier/rpc';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { fillImageSlots } from '../../parameters/image-slot.ts';
import { basicCredential } from '../http/basic-auth.ts';
import { isObject } from '../http/one-image.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { Credential, WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';
import { brokenEntry, chainLoras, inputsOf, literalText } from './graph.ts';
import { readTemplate, type Template } from './template.ts';

/** The credential of every request. The server itself asks for none; whoever puts it behind a proxy may. */
export function comfyCredentials(settings: Settings): Readonly<Record<string, Credential>> {
  const credential = basicCredential(settings);
  return credential === undefined ? {} : { authorization: credential };
}

/**
 * Builds a submit. The entry's constants have the graph as `prompt`, in the form that the web pages export for the API, and a
 * `template` that says how it is used; `loras` and `options` are what a request adds. Only the graph leaves.
 */
export function comfyRequest(
  { nativeModel, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  const { prompt, template: given, loras, options } = body;
  if (!isObject(prompt)) throw brokenEntry('its constants have no graph as prompt');
  const template = readTemplate(given);
  const filled = fillImageSlots({ prompt }, images.uploaded).prompt as JsonObject;
  const graph = structuredClone(filled);
  if (template.model !== undefined) inputsOf(graph, template.model.node)[template.model.input] = nativeModel;
  for (const { node, input } of template.literal) {
    const inputs = inputsOf(graph, node);
    if (typeof inputs[input] === 'string') inputs[input] = literalText(inputs[input]);
  }
  putOptions(graph, options, template);
  putLoras(graph, loras, template);
  return {
    method: 'POST',
    url: `${settings.baseUrl}/prompt`,
    credentials: comfyCredentials(settings),
    body: { kind: 'json', value: { prompt: graph } },
  };
}

function putOptions(graph: JsonObject, options: JsonValue | undefined, template: Template): void {
  for (const [name, value] of Object.entries(isObject(options) ? options : {})) {
    const place = template.options.get(name);
    if (place === undefined) {
      throw invalidArgument('parameters.provider_options', `the model's entry has no place for ${name}`);
    }
    inputsOf(graph, place.node)[place.input] = value;
  }
}

function putLoras(graph: JsonObject, loras: JsonValue | undefined, { lorasAfter }: Template): void {
  const list = (Array.isArray(loras) ? loras : []).filter(isObject);
  if (list.length === 0) return;
  if (lorasAfter === undefined)
    throw brokenEntry('it takes fine tunes, and template.loras_after does not say where');
  const weights = list.map(({ name, strength }) => ({ name: String(name), strength: Number(strength ?? 1) }));
  chainLoras(graph, weights, lorasAfter);
}
