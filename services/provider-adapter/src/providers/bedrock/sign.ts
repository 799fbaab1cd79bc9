import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Settings } from '../http/settings.ts';
import type { WireRequest } from '../http/wire-request.ts';

/** Name of the service in a signature: the one of Bedrock's control plane, although the host is that of its runtime. */
const SERVICE = 'bedrock';

const DIGEST = 'x-amz-content-sha256';
const TOKEN = 'x-amz-security-token';

/** The headers that a signature brings. */
export function signedHeaders(settings: Settings): readonly string[] {
  if (settings.secret('API_KEY') !== undefined || settings.secret('ACCESS_KEY_ID') === undefined) return [];
  const token = settings.secret('SESSION_TOKEN') === undefined ? [] : [TOKEN];
  return ['authorization', DIGEST, 'x-amz-date', ...token];
}

/**
 * Signs a request by Signature Version 4. The body is written here and leaves as it is, since the signature covers its
 * digest. A signature is good for some minutes only, so that a repeated request is signed anew.
 */
export async function signBedrock(wire: WireRequest, settings: Settings, now: Date): Promise<WireRequest> {
  if (settings.secret('API_KEY') !== undefined) return wire;
  const json = wire.body?.kind === 'json' ? JSON.stringify(wire.body.value) : '';
  const { protocol, host, hostname, pathname: path } = new URL(wire.url);
  const token = settings.secret('SESSION_TOKEN');
  const { headers } = await signer(settings).sign(
    {
      method: wire.method,
      protocol,
      hostname,
      path,
      query: {},
      headers: {
        ...wire.headers,
        host,
        'content-type': 'application/json',
        // Images of many megabytes are hashed by the machine's own code; the signer takes the digest from here.
        [DIGEST]: createHash('sha256').update(json).digest('hex'),
      },
    },
    { signingDate: now },
  );
  const { host: _host, [TOKEN]: _token, ...rest } = headers;
  return {
    ...wire,
    headers: rest,
    ...(token !== undefined && { credentials: { [TOKEN]: { scheme: '', secret: token } } }),
    body: { kind: 'written', json },
  };
}

function signer(settings: Settings): SignatureV4 {
  const region = settings.field('REGION');
  const accessKeyId = settings.secret('ACCESS_KEY_ID')?.reveal();
  const secretAccessKey = settings.secret('SECRET_ACCESS_KEY')?.reveal();
  if (region === undefined || accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error(`the instance ${settings.name} has nothing to sign with`);
  }
  const sessionToken = settings.secret('SESSION_TOKEN')?.reveal();
  const credentials = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
  };
  return new SignatureV4({ service: SERVICE, region, credentials, sha256: Sha256 });
}
