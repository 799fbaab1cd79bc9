import { AtelierError } from '@atelier/client';
import type { JsonValue } from '@bufbuild/protobuf';
import { UsageError } from '../usage-error.ts';
import type { Style } from './style.ts';

/** What the user is told of a failure: the reason, and every field. */
export function errorLines(error: unknown, style: Style, address: string): string[] {
  if (error instanceof UsageError) return error.problems.map((problem) => `${style.red('error')} ${problem}`);
  if (!(error instanceof AtelierError)) return [`${style.red('error')} ${(error as Error).message ?? error}`];
  const kind =
    error.reason === '' || error.reason === error.codeName
      ? error.codeName
      : `${error.codeName} ${error.reason}`;
  const fields = error.fieldViolations.map(({ field, description }) => `  ${field || '-'}: ${description}`);
  const quotas = error.quotaViolations.map(({ subject, description }) => `  ${subject}: ${description}`);
  const metadata = Object.entries(error.metadata).map(([key, value]) => `  ${key}: ${value}`);
  return [
    `${style.red('error')} ${kind}: ${error.message}`,
    ...fields,
    ...quotas,
    ...metadata,
    ...hint(error, address),
  ];
}

/** The same for programs. */
export function errorJson(error: unknown): JsonValue {
  if (error instanceof UsageError)
    return { error: { code: 'INVALID_ARGUMENT', reason: 'USAGE', problems: [...error.problems] } };
  if (!(error instanceof AtelierError))
    return { error: { code: 'UNKNOWN', message: String((error as Error).message ?? error) } };
  return {
    error: {
      code: error.codeName,
      reason: error.reason,
      message: error.message,
      fieldViolations: error.fieldViolations.map((violation) => ({ ...violation })),
      quotaViolations: error.quotaViolations.map((violation) => ({ ...violation })),
      metadata: { ...error.metadata },
      ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    },
  };
}

function hint(error: AtelierError, address: string): string[] {
  if (error.codeName === 'UNAVAILABLE' && error.reason === '')
    return [`  Is the platform up at ${address}? Set ATELIER_ADDRESS or --address; see \`atelier doctor\`.`];
  if (error.codeName === 'ALREADY_EXISTS' && error.message.includes('etag'))
    return ['  Say --replace to put yours in its place.'];
  if (error.codeName === 'UNAUTHENTICATED') return ['  Set ATELIER_API_KEY to a key of your team.'];
  if (error.retryAfterMs !== undefined) return [`  Again in ${Math.ceil(error.retryAfterMs / 1_000)} s.`];
  return [];
}
