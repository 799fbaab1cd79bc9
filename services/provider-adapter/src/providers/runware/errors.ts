import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { retryAfter, statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure, ProviderRefusal } from '../provider.ts';

/** The id was used before: the task is there already. */
export const CONFLICT = 'conflictTaskUUID';

/** Codes by which Runware says that it has no such task, or none any more. */
export const NOT_KNOWN: ReadonlySet<string> = new Set([
  'taskNotFound',
  'taskExpired',
  'taskFailedOrNotFound',
]);

/** Codes by which moderation refuses, with what it looked at. */
const REFUSALS: Readonly<Record<string, RefusalStage>> = {
  contentPolicyViolation: RefusalStage.INPUT,
  promptBlocked: RefusalStage.INPUT,
  nsfwContentDetected: RefusalStage.OUTPUT,
  // These do not say whether it was what was sent or what was made.
  providerContentPolicyViolation: RefusalStage.UNSPECIFIED,
  invalidProviderContent: RefusalStage.UNSPECIFIED,
  sensitiveContentDetected: RefusalStage.UNSPECIFIED,
  unsafeContentDetected: RefusalStage.UNSPECIFIED,
  imageBlocked: RefusalStage.UNSPECIFIED,
  moderationFailed: RefusalStage.UNSPECIFIED,
};

/** Codes by which something is wrong with what was sent. */
const INVALID =
  /^(invalid|missing|conflict|duplicate|unsupported|unknownParameter|unknownModel|incompatible|mismatch|transparentModel|value|array|max|validation)/;

const ACCOUNT =
  /credits|quota|balance|paymentRequired|^(account|organization|workspace)(Suspended|Disabled)/i;
const AUTH =
  /apiKey|^(un)?auth|^forbidden|^permissionDenied|insufficientPermissions|^(invalid|missing)(Authentication|Credentials)|^token/i;

/** The errors of an answer that are of a task; those without an id are of the whole request, and so of it too. */
export function errorsOf(json: JsonObject, uuid: string): JsonObject[] {
  const isOurs = ({ taskUUID }: JsonObject) => taskUUID === undefined || taskUUID === uuid;
  const inData = objects(json.data)
    .filter(({ status }) => status === 'error')
    .map(({ taskUUID, error }) => ({
      ...(objects([error ?? null])[0] ?? {}),
      ...(taskUUID !== undefined && { taskUUID }),
    }));
  return [...objects(json.errors), ...inData].filter(isOurs);
}

/** The objects of a list; what is neither is passed over. */
export function objects(value: JsonValue | undefined): JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is JsonObject => {
    return typeof item === 'object' && item !== null && !Array.isArray(item);
  });
}

/** The code of an error; empty where it has none. */
export function codeOf({ code }: JsonObject): string {
  return typeof code === 'string' ? code : '';
}

/** What an answer with an error status stands for; undefined where it says that the task is there already. */
export function statusError(
  answer: HttpAnswer,
  json: JsonObject,
  uuid: string,
): ProviderFailure | ProviderRefusal | undefined {
  const [error] = errorsOf(json, uuid);
  if (error === undefined) return statusFailure(answer, '');
  if (codeOf(error) === CONFLICT) return undefined;
  const failure = taskError(error, retryAfter(answer));
  const isSaid = failure instanceof ProviderRefusal || failure.failureClass !== FailureClass.UNSPECIFIED;
  return isSaid ? failure : statusFailure(answer, said(error));
}

/**
 * What the error of a task stands for, by its code. Its message may repeat what was sent, so that only the code and the
 * field are passed on. UNSPECIFIED for a code that says nothing to us.
 */
export function taskError(error: JsonObject, retryAfterMs?: number): ProviderFailure | ProviderRefusal {
  const code = codeOf(error);
  const stage = REFUSALS[code];
  if (stage !== undefined) {
    const message = 'The provider’s moderation refused the request or its result.';
    return new ProviderRefusal({ stage, categories: [code], message });
  }
  return new ProviderFailure(classOf(code), `The provider answered ${said(error)}.`, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function classOf(code: string): FailureClass {
  if (ACCOUNT.test(code)) return FailureClass.ACCOUNT;
  if (/rateLimit/i.test(code)) return FailureClass.RATE_LIMITED;
  if (AUTH.test(code)) return FailureClass.AUTH;
  if (/timeout/i.test(code)) return FailureClass.TIMEOUT;
  if (INVALID.test(code)) return FailureClass.INVALID_REQUEST;
  if (
    /server|standardError|inference|processing|taskFailed|downloadFailed|uploadFailed|noAvailable|^model(Un|Dis|Not)|^provider/i.test(
      code,
    )
  ) {
    return FailureClass.UNAVAILABLE;
  }
  return FailureClass.UNSPECIFIED;
}

function said(error: JsonObject): string {
  const { parameter } = error;
  const fields = (Array.isArray(parameter) ? parameter : [parameter]).filter(
    (field) => typeof field === 'string',
  );
  const code = codeOf(error).slice(0, 100);
  return [code || 'an error without a code', ...(fields.length > 0 ? ['at', fields.join(', ')] : [])].join(
    ' ',
  );
}
