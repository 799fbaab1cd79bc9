import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { withoutTexts } from '../http/discretion.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import type { ProviderFailure } from '../provider.ts';

/**
 * What an answer other than 200 stands for. What pydantic finds wrong names the field, and its copy of the input is left out;
 * an exception has its type, and its words where they do not quote the request.
 */
export async function webuiError(answer: HttpAnswer, request: JsonValue): Promise<ProviderFailure> {
  const { error, errors, detail, message } = await readError(answer);
  if (Array.isArray(detail)) {
    const faults = (detail as (JsonObject | null)[]).map((fault) => {
      const place = Array.isArray(fault?.loc) ? fault.loc.join('.') : '';
      return `${place} ${String(fault?.msg ?? '')}`;
    });
    return statusFailure(answer, withoutTexts(faults.join('; '), request));
  }
  const words = [error, detail, errors, message].map((part) =>
    typeof part === 'string' ? withoutTexts(part, request) : '',
  );
  return statusFailure(answer, words.filter((word) => word !== '').join(': '));
}
