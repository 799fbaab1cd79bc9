import { type AtelierError, Code } from '@atelier/client';

/** What the command's exit code says. They are part of its interface: scripts branch on them. */
export const Exit = {
  /** Done; for commands that wait for images: approved. */
  OK: 0,
  /** The platform or the command failed. */
  FAILED: 1,
  /** The arguments, a file or a field of the request are wrong. */
  USAGE: 2,
  /** It ended, and the images are not approved. For `test`: fewer passed than were asked for. */
  NOT_APPROVED: 3,
  /** The platform cannot be reached, or the time is over; a repeat may do. */
  UNAVAILABLE: 4,
  /** The key is missing, unknown, or lacks the scope. */
  DENIED: 5,
  /** A budget or limit is used up. */
  EXHAUSTED: 6,
  /** There is no such thing, or it is another team's. */
  NOT_FOUND: 7,
  /** Interrupted by the user. A generation that was started goes on. */
  INTERRUPTED: 130,
} as const;

const byCode: Partial<Record<Code, number>> = {
  [Code.INVALID_ARGUMENT]: Exit.USAGE,
  [Code.UNAVAILABLE]: Exit.UNAVAILABLE,
  [Code.DEADLINE_EXCEEDED]: Exit.UNAVAILABLE,
  [Code.UNAUTHENTICATED]: Exit.DENIED,
  [Code.PERMISSION_DENIED]: Exit.DENIED,
  [Code.RESOURCE_EXHAUSTED]: Exit.EXHAUSTED,
  [Code.NOT_FOUND]: Exit.NOT_FOUND,
};

/** The exit code for a refusal or failure of the platform. */
export function exitCodeOf(error: AtelierError): number {
  return byCode[error.code] ?? Exit.FAILED;
}
