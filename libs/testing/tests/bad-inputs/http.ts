import { gzipSync } from 'node:zlib';
import { type Asked, ask, callGrpc } from '../support/http.ts';
import { HttpRefusal, NOBODY } from '../support/refusal.ts';
import type { Row } from './world.ts';

const GENERATE = '/atelier.gateway.v1.GenerationService/Generate';

/** Error as the HTTP edge answers it, by Connect or by itself. */
interface ErrorBody {
  readonly reason?: string;
  readonly details?: readonly {
    readonly debug?: { readonly reason?: string; readonly fieldViolations?: readonly { field: string }[] };
  }[];
}

/** Asks the HTTP port; the answer as one line of status, reason and fields. */
function asking(path: string, asked: Asked): Row[2] {
  return async ({ mesh }) => {
    const { status, body } = await ask(`${mesh.httpUrl}${path}`, asked);
    const error = (body[0] === 0x7b ? JSON.parse(body.toString()) : {}) as ErrorBody;
    const debug = (error.details ?? []).map((detail) => detail.debug ?? {});
    const reason = error.reason ?? debug.find((detail) => detail.reason !== undefined)?.reason ?? '';
    const fields = debug
      .flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field }) => field))
      .sort();
    throw new HttpRefusal([String(status), reason, ...fields].filter((part) => part !== '').join(' '));
  };
}

const json = (body: string, headers: Readonly<Record<string, string>> = {}): Row[2] =>
  asking(GENERATE, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

const fromPage = (headers: Readonly<Record<string, string>>) => json('{}', headers);

/** What the HTTP edge refuses, and what neither port offers to the outside. */
export const badHttp: readonly Row[] = [
  ['JSON that breaks off', '400 INVALID_FIELD', json('{"generation":')],
  ['JSON with a field that is not', '400 INVALID_FIELD', json('{"generation":{"colour":"red"}}')],
  [
    'JSON with a word for a number',
    '400 INVALID_FIELD',
    json('{"generation":{"parameters":{"count":"many"}}}'),
  ],
  ['JSON with an enum that is not', '400 INVALID_FIELD', json('{"generation":{"task":"TASK_DANCE"}}')],
  ['JSON without what is required', '400 INVALID_FIELD generation', json('{}')],
  ['JSON of more than 4 MiB', '429 MESSAGE_TOO_LARGE', json(`{"x":"${'x'.repeat(5_000_000)}"}`)],
  [
    'a compressed body',
    '501 NOT_OFFERED',
    asking(GENERATE, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync('{}'),
    }),
  ],
  [
    'another content type',
    '415',
    asking(GENERATE, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{}',
    }),
  ],
  [
    'a form of a web page',
    '415',
    asking(GENERATE, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=b',
    }),
  ],
  ['GET on a method that changes things', '405', asking(GENERATE, {})],
  ['a method that is not', '404', asking('/atelier.gateway.v1.GenerationService/Dance', { method: 'POST' })],
  [
    'a service of the inside',
    '404',
    asking('/atelier.storage.v1.DocumentService/GetDocument', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }),
  ],
  ['a path that is not', '404 NOT_FOUND', asking('/admin', {})],
  ['an image that is not', '404 NOT_FOUND', asking(`/images/${NOBODY}`, {})],
  ['a malformed image', '404 NOT_FOUND', asking('/images/..%2f..%2fsecret', {})],
  ['deleting an image by HTTP', '405', asking(`/images/${NOBODY}`, { method: 'DELETE' })],
  ['a Host of somebody else', '403 ORIGIN_REFUSED', fromPage({ host: 'rebound.example' })],
  ['a Host that only begins like ours', '403 ORIGIN_REFUSED', fromPage({ host: '127.0.0.1.evil.example' })],
  ['a page of somebody else', '403 ORIGIN_REFUSED', fromPage({ origin: 'https://evil.example' })],
  ['a page without an origin', '403 ORIGIN_REFUSED', fromPage({ origin: 'null' })],
  [
    'a page on another port of this machine',
    '403 ORIGIN_REFUSED',
    fromPage({ origin: 'http://127.0.0.1:1' }),
  ],
  [
    'an image for a page of somebody else',
    '403 ORIGIN_REFUSED',
    asking(`/images/${NOBODY}`, {
      headers: { origin: 'https://evil.example' },
    }),
  ],
  [
    'a gRPC message of more than 4 MiB',
    'RESOURCE_EXHAUSTED MESSAGE_TOO_LARGE',
    ({ atelier }) => atelier.create({ project: 'shop', brief: 'x'.repeat(5_000_000) }),
  ],
  [
    'a gRPC method of the inside',
    '12',
    async ({ mesh }) => {
      throw new HttpRefusal(
        String(await callGrpc(mesh.address, '/atelier.storage.v1.DocumentService/GetDocument')),
      );
    },
  ],
  [
    'gRPC bytes that are no message',
    '3',
    async ({ mesh }) => {
      const noise = Buffer.from('ffffffffffff', 'hex');
      throw new HttpRefusal(
        String(await callGrpc(mesh.address, '/atelier.gateway.v1.GenerationService/Generate', noise)),
      );
    },
  ],
];
