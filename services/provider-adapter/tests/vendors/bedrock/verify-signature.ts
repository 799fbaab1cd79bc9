import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ScriptedRequest } from '../vendor-script.ts';

/** What a request is held against. */
export interface Expected {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
  readonly service: string;
  /** The service's clock. */
  readonly now: Date;
}

/** How far a request's clock may be off, in milliseconds. */
const SKEW_MS = 15 * 60_000;

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;

/**
 * What is wrong with the signature of a request, as AWS would find; undefined where it is right. Written from the
 * description of Signature Version 4 and without the library that signs.
 */
export function signatureFault(request: ScriptedRequest, expected: Expected): string | undefined {
  const { headers, body } = request;
  const match = FORM.exec(headers.authorization ?? '');
  if (match === null) return 'IncompleteSignatureException: not of the form of Signature Version 4';
  const [, keyId, day = '', region, service, names = '', signature = ''] = match;
  const date = headers['x-amz-date'] ?? '';
  if (keyId !== expected.accessKeyId) return 'UnrecognizedClientException: no such key';
  if (headers['x-amz-security-token'] !== expected.sessionToken)
    return 'UnrecognizedClientException: not the session token';
  if (region !== expected.region || service !== expected.service)
    return 'InvalidSignatureException: of another scope';
  if (!date.startsWith(day) || Math.abs(instant(date) - expected.now.getTime()) > SKEW_MS)
    return 'InvalidSignatureException: expired';
  const signed = names.split(';');
  const needed = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  if (needed.some((name) => !signed.includes(name)))
    return 'InvalidSignatureException: a header is not signed';
  const digest = sha256(body);
  if ((headers['x-amz-content-sha256'] ?? digest) !== digest)
    return 'InvalidSignatureException: another body was signed';
  const text = [
    'AWS4-HMAC-SHA256',
    date,
    `${day}/${region}/${service}/aws4_request`,
    sha256(canonicalRequest(request, signed, digest)),
  ];
  const key = signingKey(expected.secretAccessKey, day, expected.region, expected.service);
  const right = hmac(key, text.join('\n'));
  return timingSafeEqual(right, Buffer.from(signature, 'hex'))
    ? undefined
    : 'InvalidSignatureException: does not match';
}

/** The key of a day, a region and a service. */
export function signingKey(secret: string, day: string, region: string, service: string): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request');
}

function canonicalRequest(
  { method, path, query, headers }: ScriptedRequest,
  signed: readonly string[],
  digest: string,
): string {
  const pairs = [...query].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort();
  return [
    method,
    path.split('/').map(encoded).join('/'),
    pairs.join('&'),
    ...signed.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signed.join(';'),
    digest,
  ].join('\n');
}

/** Everything encoded but letters, digits and `-._~`: a path that is encoded already is so once more. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function instant(date: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (match === null) return Number.NaN;
  const [year = 0, month = 0, ...rest] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, ...rest);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
