import { AtelierError } from '@atelier/client';

/**
 * How a call is refused, as one line for tables: code, reason and the fields that are named, sorted. A call that is not
 * refused gives `OK`; an error without a code is thrown on.
 */
export async function refusal(call: Promise<unknown> | AsyncIterable<unknown>): Promise<string> {
  try {
    if (Symbol.asyncIterator in call) for await (const _ of call);
    else await call;
    return 'OK';
  } catch (error) {
    if (error instanceof HttpRefusal) return error.message;
    if (!(error instanceof AtelierError)) throw error;
    const fields = error.fieldViolations.map(({ field }) => field).sort();
    return [error.codeName, error.reason, ...fields].join(' ');
  }
}

/** A refusal by HTTP: status, reason and fields as one line. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
}

/** An id of the right form that nothing has. */
export const NOBODY = '01890000-0000-7000-8000-000000000000';
