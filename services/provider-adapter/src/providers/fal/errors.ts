import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { type ProviderFailure, ProviderRefusal } from '../provider.ts';

const REFUSED = 'content_policy_violation';

/** What an answer other than 200 stands for. `detail` is a text, or a list of what is wrong with which field. */
export async function falError(answer: HttpAnswer): Promise<ProviderFailure | ProviderRefusal> {
  const { detail, message } = await readError(answer);
  const details = Array.isArray(detail) ? (detail as (JsonObject | null)[]) : [];
  if (details.some((item) => item?.type === REFUSED)) {
    const said = 'The provider’s moderation refused the request.';
    return new ProviderRefusal({ stage: RefusalStage.INPUT, categories: [REFUSED], message: said });
  }
  const listed = details.map(
    (item) => `${Array.isArray(item?.loc) ? item.loc.join('.') : ''} ${String(item?.msg ?? '')}`,
  );
  return statusFailure(answer, details.length > 0 ? listed.join('; ') : String(detail ?? message ?? ''));
}
