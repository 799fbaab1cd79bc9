import { scrub } from './scrub.ts';

/** An error as a log line shows it. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly cause?: ErrorFields;
  readonly stack?: string;
}

/** Causes are followed so far and no further, since a chain may be a circle. */
const MAX_CAUSES = 4;

/**
 * Describes anything that was thrown: type, message with credentials cut out, code and causes. The stack is added only
 * on request: it is for the debugging of one service, not for a log that many read.
 */
export function errorFields(error: unknown, withStack = false, depth = 0): ErrorFields {
  if (typeof error !== 'object' || error === null)
    return { type: typeof error, message: scrub(String(error)) };
  const { name, message, code, cause, stack } = error as Record<string, unknown>;
  return {
    type: typeof name === 'string' ? name : 'Object',
    message: typeof message === 'string' ? scrub(message) : '',
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: errorFields(cause, withStack, depth + 1) }),
    ...(withStack && typeof stack === 'string' && { stack: scrub(stack) }),
  };
}
