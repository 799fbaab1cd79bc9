import type { HttpAnswer } from '../../src/providers/http/transport.ts';

/** An answer as a vendor might give it, for tests of what reads it. */
export function httpAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    status,
    header: (name) => headers[name],
    body: (async function* () {
      yield bytes;
    })(),
  };
}
