import { generateKeyPairSync } from 'node:crypto';
import { Secret } from '@atelier/config';
import { describe, expect, test } from '@jest/globals';
import {
  Code,
  generateMeshKeys,
  HEADER,
  meshAuthenticator,
  type Principal,
  principalSigner,
  principalVerifier,
  publicKeyOf,
  RpcError,
} from '../src/index.ts';
import { connectEcho, keys, principal, rejection, silent, startEcho } from './mesh.ts';

const who: Principal = {
  team: 'teams/red',
  project: 'projects/p',
  keyId: 'keys/1',
  subject: 'Réd shop',
  scopes: ['generate', 'author'],
  expireTime: new Date(1_000_000),
  kind: 'caller',
};

function thrown(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe('the signed principal', () => {
  const sign = principalSigner(keys.privateKey);
  const verify = principalVerifier({ publicKey: keys.publicKey, now: () => 900_000 });

  test('is read back whole', () => {
    const { token, ...claims } = sign(who);
    expect(verify(token)).toEqual({ ...claims, token });
  });

  test('is refused when anything of it was changed', () => {
    const { token } = sign(who);
    const [payload = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, team: 'teams/blue' })).toString('base64url');
    const bad = [
      `${forged}.${signature}`,
      payload,
      `${payload}.`,
      `${token}.x`,
      '',
      'a.b',
      'x'.repeat(10_000),
    ];
    for (const candidate of bad) {
      expect(thrown(() => verify(candidate))).toMatchObject({ code: Code.UNAUTHENTICATED });
    }
  });

  test('of another mesh is refused, and of a key that is being replaced accepted', () => {
    const other = generateMeshKeys();
    const { token } = principalSigner(other.privateKey)(who);
    expect(thrown(() => verify(token))).toBeInstanceOf(RpcError);
    const both = principalVerifier({ publicKey: [keys.publicKey, other.publicKey], now: () => 0 });
    expect(both(token).team).toBe('teams/red');
  });

  test('expires, also out of the cache, with a tolerance for clocks', () => {
    let now = 0;
    const strict = principalVerifier({ publicKey: keys.publicKey, now: () => now, clockSkewMs: 5_000 });
    const { token } = sign(who);
    for (now of [0, 1_000_000, 1_004_999]) expect(strict(token).team).toBe('teams/red');
    now = 1_005_000;
    expect(thrown(() => strict(token))).toMatchObject({ code: Code.UNAUTHENTICATED });
  });

  test('keys of other kinds are refused', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(() => principalSigner(privateKey)).toThrow(TypeError);
    expect(publicKeyOf(keys.privateKey)).toBe(keys.publicKey);
  });
});

describe('the mesh authenticator', () => {
  const good = keys.credential.reveal();

  test.each([
    ['nothing', {}],
    ['another credential', { [HEADER.meshCredential]: `${good}x` }],
    ['a principal alone', { [HEADER.principal]: principal.token ?? '' }],
    ['a principal that is not signed', { [HEADER.meshCredential]: good, [HEADER.principal]: 'a.b' }],
  ])('refuses %s', async (_, headers) => {
    const authenticate = meshAuthenticator(keys);
    expect(await rejection(authenticate(new Map(Object.entries(headers)), 'peer'))).toMatchObject({
      code: Code.UNAUTHENTICATED,
    });
  });

  test('accepts an old credential beside the new one while both are configured', async () => {
    const authenticate = meshAuthenticator({ ...keys, credential: [new Secret('new'), keys.credential] });
    expect(await authenticate(new Map([[HEADER.meshCredential, good]]), 'peer')).toBeUndefined();
  });
});

describe('access', () => {
  const outcomes = {
    caller: { nothing: 'UNAUTHENTICATED', mesh: 'UNAUTHENTICATED', principal: 'OK' },
    service: { nothing: 'UNAUTHENTICATED', mesh: 'OK', principal: 'OK' },
    public: { nothing: 'OK', mesh: 'OK', principal: 'OK' },
  } as const;

  test.each(Object.entries(outcomes))('%s', async (access, expected) => {
    await using server = await startEcho({}, { access: access as keyof typeof outcomes });
    using stranger = connectEcho(server.address, { credential: undefined });
    using member = connectEcho(server.address);
    const outcome = (call: Promise<unknown>) =>
      call.then(
        () => 'OK',
        (error: RpcError) => error.codeName,
      );
    expect({
      nothing: await outcome(stranger.client.create({})),
      mesh: await outcome(member.client.create({})),
      principal: await outcome(member.client.create({}, { principal })),
    }).toEqual(expected);
  });

  test('is decided before the request is looked at', async () => {
    await using server = await startEcho();
    using stranger = connectEcho(server.address, { credential: undefined });
    const error = await rejection(stranger.client.echo({ repeatCount: 99 }));
    expect(error).toMatchObject({ code: Code.UNAUTHENTICATED, fieldViolations: [] });
  });

  test('an authenticator that breaks lets nobody in', async () => {
    const authenticate = async () => Promise.reject(new Error('database gone'));
    await using server = await startEcho({}, { authenticate, log: silent, access: 'public' });
    using echo = connectEcho(server.address);
    expect(await rejection(echo.client.create({}))).toMatchObject({ code: Code.INTERNAL });
  });
});
