import type { ErrorReason } from '@atelier/protos/atelier/common/v1/error_reason_pb.ts';
import { Code, type CodeName } from './code.ts';

/** Domain of the `ErrorInfo` of every error that the platform makes. */
export const ERROR_DOMAIN = 'atelier.dev';

/** A reason of the contract, such as `ETAG_MISMATCH`: a name of `atelier.common.v1.ErrorReason` without its prefix. */
export type Reason = Exclude<keyof typeof ErrorReason, 'UNSPECIFIED'>;

/** What a code most often means here, for errors whose thrower gave no reason: every error carries one (AIP-193). */
const DEFAULT_REASONS: Record<CodeName, Reason> = {
  OK: 'INTERNAL',
  CANCELLED: 'CANCELLED',
  UNKNOWN: 'INTERNAL',
  INVALID_ARGUMENT: 'INVALID_FIELD',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  NOT_FOUND: 'NOT_FOUND',
  ALREADY_EXISTS: 'ALREADY_EXISTS',
  PERMISSION_DENIED: 'SCOPE_MISSING',
  RESOURCE_EXHAUSTED: 'RATE_LIMITED',
  FAILED_PRECONDITION: 'WRONG_STATE',
  ABORTED: 'ETAG_MISMATCH',
  OUT_OF_RANGE: 'INVALID_FIELD',
  UNIMPLEMENTED: 'NOT_OFFERED',
  INTERNAL: 'INTERNAL',
  UNAVAILABLE: 'SERVICE_UNREACHABLE',
  DATA_LOSS: 'INTERNAL',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
};

/** The reason that stands for a code where none was given. */
export function defaultReason(code: Code): Reason {
  const name = (Object.keys(Code) as CodeName[]).find((candidate) => Code[candidate] === code);
  return DEFAULT_REASONS[name ?? 'UNKNOWN'];
}
