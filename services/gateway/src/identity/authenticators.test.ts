import { generateMeshKeys, isRpcError, principalSigner, principalVerifier } from '@atelier/rpc';
import { describe, expect, test } from '@jest/globals';
import { apiKeyAuthenticator, localAuthenticator } from './authenticators.ts';
import { KeyRing } from './key-ring.ts';
import { principalMint } from './principals.ts';
import { SCOPES } from './scopes.ts';
import { digestOf, newSecret } from './secret-digest.ts';

const start = new Date('2026-11-22T12:00:00Z');
const keys = generateMeshKeys();
const secret = newSecret();

function setup(isSynced = true) {
  let time = start.getTime();
  const now = () => new Date(time);
  const mint = principalMint(principalSigner(keys.privateKey), now);
  const ring = new KeyRing([
    {
      id: 'shop',
      team: 'teams/shop',
      project: 'projects/cut-outs',
      subject: 'Shop',
      scopes: ['generate'],
      expireTime: new Date(start.getTime() + 60_000),
      secrets: [{ sha256: digestOf(secret) }],
    },
  ]);
  const authenticate = apiKeyAuthenticator({ ring, mint, now, isSynced: () => isSynced });
  const pass = (ms: number) => {
    time += ms;
  };
  const verify = principalVerifier({ publicKey: keys.publicKey, now: () => time });
  return { authenticate, mint, ring, pass, verify };
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'OK';
  } catch (error) {
    return isRpcError(error) ? `${error.codeName} ${error.reason}` : 'not an RpcError';
  }
}

describe('apiKeyAuthenticator', () => {
  test.each([
    ['authorization', `Bearer ${secret}`],
    ['authorization', `bearer  ${secret} `],
    ['x-api-key', secret],
  ])('takes a key from %s', async (name, value) => {
    const { authenticate, verify } = setup();
    const principal = await authenticate(new Map([[name, value]]), 'peer');
    expect(principal).toMatchObject({
      team: 'teams/shop',
      project: 'projects/cut-outs',
      keyId: 'shop',
      kind: 'caller',
    });
    expect(principal?.expireTime).toEqual(new Date(start.getTime() + 60_000));
    expect(verify(principal?.token ?? '')).toMatchObject({ team: 'teams/shop', scopes: ['generate'] });
  });

  test.each([
    ['no key', {}],
    ['an empty bearer', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${secret}` }],
    ['an unknown key', { 'x-api-key': newSecret() }],
    ['the digest of a key', { 'x-api-key': digestOf(secret) }],
  ])('refuses %s', async (_what, headers) => {
    const { authenticate } = setup();
    const answer = authenticate(new Map(Object.entries(headers)), 'peer');
    expect(await codeOf(answer)).toBe('UNAUTHENTICATED UNAUTHENTICATED');
  });

  test('a principal that a caller signs for himself is not looked at', async () => {
    const { authenticate, mint } = setup();
    const own = mint({ team: 'teams/other', keyId: 'x', subject: 'x', scopes: SCOPES, kind: 'caller' });
    const forged = new Map([['atelier-principal', own.token ?? '']]);
    expect(await codeOf(authenticate(forged, 'peer'))).toBe('UNAUTHENTICATED UNAUTHENTICATED');
    const both = await authenticate(new Map([...forged, ['x-api-key', secret]]), 'peer');
    expect(both?.team).toBe('teams/shop');
  });

  test('a key that is revoked or past is refused at once', async () => {
    const { authenticate, ring, pass } = setup();
    const headers = new Map([['x-api-key', secret]]);
    await authenticate(headers, 'peer');
    pass(60_000);
    expect(await codeOf(authenticate(headers, 'peer'))).toBe('UNAUTHENTICATED UNAUTHENTICATED');
    const again = setup();
    await again.authenticate(headers, 'peer');
    again.ring.delete('shop');
    expect(await codeOf(again.authenticate(headers, 'peer'))).toBe('UNAUTHENTICATED UNAUTHENTICATED');
    expect([...ring.values()]).toHaveLength(1);
  });

  test('before the keys were read, an unknown key may be good', async () => {
    const { authenticate } = setup(false);
    const headers = new Map([['x-api-key', newSecret()]]);
    expect(await codeOf(authenticate(headers, 'peer'))).toBe('UNAVAILABLE SERVICE_UNREACHABLE');
    expect((await authenticate(new Map([['x-api-key', secret]]), 'peer'))?.keyId).toBe('shop');
  });
});

test('without authentication everyone is the local team with every scope', async () => {
  const { mint } = setup();
  const principal = await localAuthenticator(mint)(new Map(), 'peer');
  expect(principal).toMatchObject({ team: 'teams/local', scopes: SCOPES });
});

test('a principal is signed again when half of its time is over', async () => {
  const { mint, pass } = setup();
  const claims = { team: 'teams/a', keyId: 'k', subject: 'k', scopes: ['generate'], kind: 'caller' as const };
  const first = mint(claims);
  expect(mint(claims)).toBe(first);
  pass(149_000);
  expect(mint(claims)).toBe(first);
  pass(1_000);
  const second = mint(claims);
  expect(second).not.toBe(first);
  expect(second.expireTime.getTime() - first.expireTime.getTime()).toBe(150_000);
  expect(mint({ ...claims, team: 'teams/b' }).team).toBe('teams/b');
});
