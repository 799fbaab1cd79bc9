import { ConfigError } from '@atelier/config';
import { describe, expect, test } from '@jest/globals';
import { loadGatewayConfig, publicUrl } from './config.ts';

function problems(env: Record<string, string>): string[] {
  try {
    loadGatewayConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable);
    throw error;
  }
  return [];
}

describe('loadGatewayConfig', () => {
  test('needs nothing on one machine', () => {
    const config = loadGatewayConfig({});
    expect(config).toMatchObject({ GATEWAY_AUTH: 'off', STORAGE_URL: '127.0.0.1:50055' });
    expect(publicUrl(config)).toBe('http://127.0.0.1:8080');
    expect(publicUrl(config, 4711)).toBe('http://127.0.0.1:4711');
  });

  test.each([
    ['off beyond loopback', { GATEWAY_GRPC_ADDR: '0.0.0.0:50051', TLS: 'terminated' }, ['GATEWAY_GRPC_ADDR']],
    [
      'off by a name',
      { GATEWAY_HTTP_ADDR: 'gateway.internal:8080', TLS: 'terminated' },
      ['GATEWAY_HTTP_ADDR'],
    ],
    ['mtls', { GATEWAY_AUTH: 'mtls' }, ['GATEWAY_AUTH']],
    [
      'plaintext beyond loopback',
      { GATEWAY_AUTH: 'api-key', GATEWAY_GRPC_ADDR: '0.0.0.0:1', GATEWAY_HTTP_ADDR: '[::]:2' },
      ['GATEWAY_GRPC_ADDR', 'GATEWAY_HTTP_ADDR'],
    ],
    ['half of TLS', { GATEWAY_TLS_CERT: '/x.pem' }, ['GATEWAY_TLS_CERT']],
    ['no origins', { GATEWAY_ALLOWED_ORIGINS: '*' }, ['GATEWAY_ALLOWED_ORIGINS']],
    ['another TLS', { TLS: 'yes' }, ['TLS']],
  ])('refuses %s', (_what, env, variables) => {
    expect(problems(env)).toEqual(variables);
  });

  test('accepts keys behind a proxy, or with TLS of its own', () => {
    const address = {
      GATEWAY_AUTH: 'api-key',
      GATEWAY_GRPC_ADDR: '0.0.0.0:1',
      GATEWAY_HTTP_ADDR: '0.0.0.0:2',
    };
    expect(problems({ ...address, TLS: 'terminated' })).toEqual([]);
    const own = loadGatewayConfig({ ...address, GATEWAY_TLS_CERT: '/c.pem', GATEWAY_TLS_KEY: '/k.pem' });
    expect(publicUrl(own)).toBe('https://127.0.0.1:2');
    const named = loadGatewayConfig({
      ...address,
      TLS: 'terminated',
      GATEWAY_PUBLIC_URL: 'https://a.example/',
    });
    expect(publicUrl(named)).toBe('https://a.example');
  });
});
