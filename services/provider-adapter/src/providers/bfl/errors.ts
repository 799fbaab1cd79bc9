import type { JsonObject } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import type { ProviderFailure } from '../provider.ts';

/** What an answer other than 200 stands for. Refusals are no errors here: jobs end in them. */
export async function bflError(answer: HttpAnswer): Promise<ProviderFailure> {
  return statusFailure(answer, saidBy(await readError(answer)));
}

/** `detail` is a text, or a list of what is wrong with which field. */
function saidBy({ detail, message }: JsonObject): string {
  if (!Array.isArray(detail)) return String(detail ?? message ?? '');
  return detail
    .map((item) => {
      const { loc, msg } = (item ?? {}) as { loc?: unknown; msg?: unknown };
      return `${Array.isArray(loc) ? loc.join('.') : ''} ${String(msg ?? '')}`.trim();
    })
    .join('; ');
}
