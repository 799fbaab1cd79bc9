import { failedPrecondition } from '@atelier/rpc';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { isObject } from '../http/one-image.ts';

/** Where a value goes in a graph: an input of a node. */
export interface Place {
  readonly node: string;
  readonly input: string;
}

/** An output of a node, as inputs of others name it: the node, and which of its outputs. */
export type Output = readonly [node: string, index: number];

/** The inputs of a node. Throws FAILED_PRECONDITION for a node that the graph does not have. */
export function inputsOf(graph: JsonObject, node: string): JsonObject {
  const found = Object.hasOwn(graph, node) ? graph[node] : undefined;
  const inputs = isObject(found) ? found.inputs : undefined;
  if (!isObject(inputs)) throw brokenEntry(`its graph has no node ${node} with inputs`);
  return inputs;
}

/**
 * Chains nodes that load weights between two outputs and whoever uses them: everything in the graph that used the outputs
 * uses those of the last loader instead.
 */
export function chainLoras(
  graph: JsonObject,
  loras: readonly { readonly name: string; readonly strength: number }[],
  after: { readonly model: Output; readonly clip: Output },
): void {
  const users = Object.values(graph).flatMap((node) =>
    isObject(node) && isObject(node.inputs) ? [node.inputs] : [],
  );
  let { model, clip } = after;
  for (const [index, { name, strength }] of loras.entries()) {
    const id = `lora_${index + 1}`;
    if (Object.hasOwn(graph, id))
      throw brokenEntry(`its graph has a node ${id}, which stands for a fine tune`);
    const weights = { lora_name: name, strength_model: strength, strength_clip: strength };
    graph[id] = { class_type: 'LoraLoader', inputs: { model: [...model], clip: [...clip], ...weights } };
    [model, clip] = [
      [id, 0],
      [id, 1],
    ];
  }
  for (const inputs of users) {
    for (const [input, value] of Object.entries(inputs)) {
      if (isOutput(value, after.model)) inputs[input] = [...model];
      else if (isOutput(value, after.clip)) inputs[input] = [...clip];
    }
  }
}

function isOutput(value: JsonValue, [node, index]: Output): boolean {
  return Array.isArray(value) && value.length === 2 && value[0] === node && value[1] === index;
}

/** A text that means what it says: brackets do not weigh words, and `embedding:` loads none from the server's disk. */
export function literalText(text: string): string {
  return text.replace(/[()]/g, '\\$&').replace(/(embedding):/gi, '$1 :');
}

/** For an entry whose template does not fit its graph: nothing can be sent until whoever registered it mends it. */
export function brokenEntry(why: string): Error {
  return failedPrecondition(`The model's entry cannot be used: ${why}.`, { reason: 'MODEL_UNAVAILABLE' });
}
