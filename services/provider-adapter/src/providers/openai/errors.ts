import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { isObject } from '../http/one-image.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure, ProviderRefusal } from '../provider.ts';

const REFUSED: ReadonlySet<unknown> = new Set([
  'moderation_blocked',
  'content_policy_violation',
  'content_filter',
]);

/** How servers that have no code for it word a refusal, such as xAI. */
const REJECTED = /\brejected by content moderation\b/i;

const NO_CREDIT: ReadonlySet<unknown> = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
  'account_deactivated',
]);

const STAGES: Readonly<Record<string, RefusalStage>> = {
  input: RefusalStage.INPUT,
  output: RefusalStage.OUTPUT,
};

/** What an answer other than 200 stands for: a refusal by moderation, or a failure. */
export async function errorOf(answer: HttpAnswer): Promise<ProviderFailure | ProviderRefusal> {
  const body = await readError(answer);
  const error = isObject(body.error) ? body.error : body;
  if (REFUSED.has(error.code)) return refusal(error);
  const said = [error.message, body.detail, body.error].find((text) => typeof text === 'string') ?? '';
  if (answer.status === 400 && REJECTED.test(String(said))) return refusal(error);
  const failure = statusFailure(answer, String(said));
  const isBlocked = answer.status === 403 && /temporarily blocked/i.test(String(said));
  // A limit of which the provider says that coming again is of no use is none that waiting lifts.
  const isUsedUp = answer.status === 429 && answer.header('x-should-retry') === 'false';
  if (!isBlocked && !isUsedUp && !NO_CREDIT.has(error.code)) return failure;
  return new ProviderFailure(FailureClass.ACCOUNT, failure.message);
}

function refusal(error: JsonObject): ProviderRefusal {
  const details = isObject(error.moderation_details) ? error.moderation_details : {};
  const stage = STAGES[String(details.moderation_stage)] ?? RefusalStage.UNSPECIFIED;
  const categories = [
    ...listed(details.categories),
    ...violations(error.message),
    ...filtered(error.inner_error ?? error.innererror),
  ];
  // What the provider says may quote the prompt.
  return new ProviderRefusal({
    stage,
    categories: [...new Set(categories)],
    message: 'The provider’s moderation refused the request.',
  });
}

function listed(value: JsonValue | undefined): string[] {
  return Array.isArray(value)
    ? value.filter((item) => typeof item === 'string').map((item) => item.toLowerCase())
    : [];
}

/** Categories in the older form, at the end of the message: `safety_violations=[violence, sexual]`. */
function violations(message: JsonValue | undefined): string[] {
  const found = /safety_violations=\[([^\]]*)\]/.exec(String(message))?.[1] ?? '';
  return found
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

/** Categories in the form of content filters: `{ violence: { filtered: true } }`. */
function filtered(inner: JsonValue | undefined): string[] {
  const results =
    isObject(inner) && isObject(inner.content_filter_results) ? inner.content_filter_results : {};
  return Object.entries(results)
    .filter(([, result]) => isObject(result) && result.filtered === true)
    .map(([name]) => name.toLowerCase());
}
