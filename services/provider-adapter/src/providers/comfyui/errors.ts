import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { withoutTexts } from '../http/discretion.ts';
import { isObject } from '../http/one-image.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure } from '../provider.ts';

/**
 * What an answer other than 200 stands for. A graph that does not pass is told by node, class and input; details are left
 * out, since they quote what was sent and list all files of the server.
 */
export async function comfyError(answer: HttpAnswer): Promise<ProviderFailure> {
  const { error, node_errors: nodes, message } = await readError(answer);
  const told = isObject(error) ? String(error.message ?? error.type ?? '') : String(error ?? message ?? '');
  const faults = Object.entries(isObject(nodes) ? nodes : {}).flatMap(([id, node]) => nodeFaults(id, node));
  return statusFailure(answer, [told, ...faults].filter((text) => text !== '').join('; '));
}

function nodeFaults(id: string, node: JsonValue): string[] {
  if (!isObject(node) || !Array.isArray(node.errors)) return [];
  return node.errors.filter(isObject).map(({ message, extra_info: extra }) => {
    const input =
      isObject(extra) && typeof extra.input_name === 'string' ? `, input ${extra.input_name}` : '';
    return `node ${id} (${String(node.class_type ?? 'unknown')}${input}): ${String(message ?? '')}`;
  });
}

/** What a job that ended without success stands for, by the messages of its history. */
export function jobFailure(messages: readonly JsonValue[], request: JsonObject): ProviderFailure {
  const told = new Map(messages.filter(Array.isArray).map(([kind, data]) => [kind, data as JsonValue]));
  if (told.has('execution_interrupted')) {
    return new ProviderFailure(
      FailureClass.UNAVAILABLE,
      'The job was interrupted on the server by somebody else.',
    );
  }
  const error = told.get('execution_error');
  const { node_type: type, exception_type: kind, exception_message: said } = isObject(error) ? error : {};
  const words = withoutTexts(String(said ?? ''), request)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
  const what = [kind, words].filter((part) => typeof part === 'string' && part !== '').join(': ');
  const where = typeof type === 'string' ? ` in a node ${type}` : '';
  return new ProviderFailure(
    FailureClass.UNAVAILABLE,
    `The server failed${where}${what === '' ? '' : `: ${what}`}.`,
  );
}
