import { readFileSync } from 'node:fs';
import { Secret } from '@atelier/config';
import { describe, expect, test } from '@jest/globals';
import { Code, type PeerCertificate } from '../src/index.ts';
import { connectEcho, principal, rejection, startEcho } from './mesh.ts';

const pem = (name: string) => readFileSync(new URL(`./tls/${name}`, import.meta.url), 'utf8');
const authority = pem('ca.pem');
const own = (name: string) => ({ key: new Secret(pem(`${name}.key`)), certificate: pem(`${name}.pem`) });

describe('TLS', () => {
  test('encrypts, and the client checks the server', async () => {
    await using server = await startEcho({}, { tls: own('server') });
    using echo = connectEcho(server.address, { tls: { authorities: authority } });
    expect((await echo.client.create({ text: 'a' }, { principal })).text).toBe('a');

    using strange = connectEcho(server.address, { tls: true });
    using misled = connectEcho(server.address, { tls: { authorities: authority, serverName: 'other.test' } });
    using plain = connectEcho(server.address);
    for (const { client } of [strange, misled, plain]) {
      const error = await rejection(client.create({}, { principal, timeoutMs: 5_000 }));
      expect(error).toMatchObject({ code: Code.UNAVAILABLE });
    }
  });

  test('both ways, the server knows the certificate of the client', async () => {
    const certificates: (PeerCertificate | undefined)[] = [];
    const tls = { ...own('server'), clientAuthorities: authority };
    const authenticate = async (_headers: unknown, _peer: string, certificate?: PeerCertificate) => {
      certificates.push(certificate);
      return principal;
    };
    await using server = await startEcho({}, { tls, authenticate });
    using echo = connectEcho(server.address, { tls: { authorities: authority, ...own('client') } });
    await echo.client.create({});
    expect(certificates[0]?.commonName).toBe('client.test');
    expect(certificates[0]?.alternativeNames).toContain('DNS:client.test');
    expect(certificates[0]?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);

    using nameless = connectEcho(server.address, { tls: { authorities: authority } });
    expect(await rejection(nameless.client.create({}, { timeoutMs: 5_000 }))).toMatchObject({
      code: Code.UNAVAILABLE,
    });
  });
});
