import { Secret } from '@atelier/config';
import { describe, expect, test } from '@jest/globals';
import { bedrock } from '../../../src/providers/bedrock/protocol.ts';
import { signBedrock } from '../../../src/providers/bedrock/sign.ts';
import { settingsOf } from '../../../src/providers/http/settings.ts';
import type { WireRequest } from '../../../src/providers/http/wire-request.ts';
import type { ScriptedRequest } from '../vendor-script.ts';
import { KEYS, REGION } from './script.ts';
import { type Expected, signatureFault, signingKey } from './verify-signature.ts';

const NOW = new Date('2026-11-28T12:00:00Z');
const EXPECTED: Expected = { ...KEYS, region: REGION, service: 'bedrock', now: NOW };

function instance(fields: Record<string, string>, secrets: Record<string, string>) {
  return {
    name: 'bedrock',
    fields: new Map(Object.entries(fields)),
    secrets: new Map(Object.entries(secrets).map(([name, text]) => [name, new Secret(text)])),
  };
}

const PAIR = { ACCESS_KEY_ID: KEYS.accessKeyId, SECRET_ACCESS_KEY: KEYS.secretAccessKey };
const settings = (secrets: Record<string, string>) => settingsOf(instance({ REGION }, secrets), '');

const wire: WireRequest = {
  method: 'POST',
  url: 'https://bedrock-runtime.us-west-2.amazonaws.com/model/stability.sd3-5-large-v1%3A0/invoke',
  headers: { accept: 'application/json' },
  body: { kind: 'json', value: { prompt: 'zwei Äpfel', seed: 7 } },
};

/** A signed request as it would arrive. */
function arrived(signed: WireRequest, more: Partial<ScriptedRequest> = {}): ScriptedRequest {
  const { host, pathname, searchParams } = new URL(signed.url);
  const credentials = Object.entries(signed.credentials ?? {}).map(
    ([name, { scheme, secret }]) => [name, scheme + secret.reveal()] as const,
  );
  if (signed.body?.kind !== 'written') throw new Error('the body is not written');
  return {
    method: signed.method,
    path: pathname,
    query: searchParams,
    headers: { ...signed.headers, ...Object.fromEntries(credentials), host },
    body: Buffer.from(signed.body.json),
    json: undefined,
    ...more,
  };
}

describe('the check itself holds what AWS publishes', () => {
  test('the request "get-vanilla" of its test suite', () => {
    const request = (signature: string): ScriptedRequest => ({
      method: 'GET',
      path: '/',
      query: new URLSearchParams(),
      headers: {
        host: 'example.amazonaws.com',
        'x-amz-date': '20150830T123600Z',
        authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
      },
      body: Buffer.alloc(0),
      json: undefined,
    });
    const expected = {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      region: 'us-east-1',
      service: 'service',
      now: new Date('2015-08-30T12:36:00Z'),
    };
    const published = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';
    expect(signatureFault(request(published), expected)).toBeUndefined();
    expect(signatureFault(request(published.replace('5', '6')), expected)).toMatch(/does not match/);
  });

  test('the signing key of its documentation', () => {
    const key = signingKey('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', '20150830', 'us-east-1', 'iam');
    expect(key.toString('hex')).toBe('c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9');
  });
});

describe('requests are signed', () => {
  test('with a pair of keys', async () => {
    const signed = await signBedrock(wire, settings(PAIR), NOW);
    const { sessionToken: _, ...expected } = EXPECTED;
    expect(signatureFault(arrived(signed), expected)).toBeUndefined();
    expect(signed.credentials).toBeUndefined();
  });

  test('with a session token, which is signed and stays a secret', async () => {
    const signed = await signBedrock(wire, settings({ ...PAIR, SESSION_TOKEN: KEYS.sessionToken }), NOW);
    expect(signatureFault(arrived(signed), EXPECTED)).toBeUndefined();
    expect(JSON.stringify(signed)).not.toContain(KEYS.sessionToken);
    expect(JSON.stringify(signed)).not.toContain(KEYS.secretAccessKey);
  });

  test('and whatever is changed on the way is found out', async () => {
    const signed = await signBedrock(wire, settings({ ...PAIR, SESSION_TOKEN: KEYS.sessionToken }), NOW);
    const { headers } = arrived(signed);
    const fault = (more: Partial<ScriptedRequest>, expected = EXPECTED) =>
      signatureFault(arrived(signed, more), expected);
    expect(fault({ body: Buffer.from('{"prompt":"else"}') })).toMatch(/another body/);
    expect(fault({ path: '/model/other/invoke' })).toMatch(/does not match/);
    expect(fault({ headers: { ...headers, 'x-amz-security-token': 'other' } })).toMatch(/session token/);
    expect(fault({ headers: { ...headers, 'x-amz-extra': '1' } })).toMatch(/not signed/);
    expect(fault({}, { ...EXPECTED, secretAccessKey: 'other' })).toMatch(/does not match/);
    expect(fault({}, { ...EXPECTED, region: 'eu-west-1' })).toMatch(/scope/);
    expect(fault({}, { ...EXPECTED, now: new Date('2026-11-28T12:16:00Z') })).toMatch(/expired/);
  });

  test('with a port, and below a path of an endpoint of one’s own', async () => {
    const url = 'http://127.0.0.1:8443/bedrock/model/arn%3Aaws%3Abedrock%2Fx/invoke';
    const signed = await signBedrock({ ...wire, url }, settings(PAIR), NOW);
    const { sessionToken: _, ...expected } = EXPECTED;
    expect(signatureFault(arrived(signed), expected)).toBeUndefined();
  });

  test('not with an API key, which goes before a pair of keys', async () => {
    expect(await signBedrock(wire, settings({ ...PAIR, API_KEY: 'k' }), NOW)).toBe(wire);
  });
});

describe('an instance', () => {
  const missing = (fields: Record<string, string>, secrets: Record<string, string>) =>
    bedrock.create(instance(fields, secrets)).missing;
  const call = { nativeModel: 'stability.x-v1:0', operation: '', body: { prompt: 'p' }, images: 1 };
  const facts = () => ({ mediaType: 'image/png', sizeBytes: 1, sha256: '' });

  test('needs a region, and a key or a pair of them', () => {
    expect(missing({}, {})).toEqual(['PROVIDER_BEDROCK_REGION', 'PROVIDER_BEDROCK_API_KEY']);
    expect(missing({ REGION }, { API_KEY: 'k' })).toEqual([]);
    expect(missing({ REGION }, PAIR)).toEqual([]);
    expect(missing({ REGION }, { ACCESS_KEY_ID: 'a' })).toEqual(['PROVIDER_BEDROCK_SECRET_ACCESS_KEY']);
  });

  test.each(['us-west-2.evil.example/', 'US-WEST-2', 'us west 2', '-'])('refuses the region %s', (region) => {
    expect(() => missing({ REGION: region }, {})).toThrow(/PROVIDER_BEDROCK_REGION/);
  });

  test('shows in a preview that it signs, and nothing of its keys', () => {
    const secrets = { ...PAIR, SESSION_TOKEN: KEYS.sessionToken };
    const { headers } = bedrock.create(instance({ REGION }, secrets)).preview(call, facts);
    expect(headers).toMatchObject({ authorization: '[signed]', 'x-amz-security-token': '[signed]' });
    for (const key of Object.values(KEYS)) expect(JSON.stringify(headers)).not.toContain(key);
    const withKey = bedrock.create(instance({ REGION }, { API_KEY: 'secret-key' })).preview(call, facts);
    expect(withKey.headers).toMatchObject({ authorization: 'Bearer [redacted]' });
    expect(withKey.headers).not.toHaveProperty('x-amz-date');
  });
});
