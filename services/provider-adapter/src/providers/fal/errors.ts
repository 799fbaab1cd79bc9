import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure, ProviderRefusal } from '../provider.ts';

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
  const said = details.length > 0 ? listed.join('; ') : String(detail ?? message ?? '');
  const failure = statusFailure(answer, said);
  const stop = stopOf(answer, said);
  return stop === undefined ? failure : new ProviderFailure(stop, failure.message);
}

/** What an answer means where its status says less than it does; undefined where it says all. */
function stopOf({ status, header }: HttpAnswer, said: string): FailureClass | undefined {
  if (status === 403 && /exhausted balance|user is locked/i.test(said)) return FailureClass.ACCOUNT;
  // The time ran out that the request was given, and not that of a proxy on the way.
  return status === 504 && header('x-fal-request-timeout-type') === 'user' ? FailureClass.TIMEOUT : undefined;
}
