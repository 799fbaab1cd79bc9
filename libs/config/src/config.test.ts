import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  bool,
  ConfigError,
  concurrency,
  dataDir,
  durationMs,
  formatHostPort,
  hostPort,
  instances,
  integer,
  isLoopback,
  list,
  loadConfig,
  origins,
  parseHostPort,
  rate,
  Secret,
  secret,
} from './index.ts';

const schema = z.object({
  ATELIER_DATA_DIR: dataDir(),
  GRPC_ADDR: hostPort(),
  MESH_CREDENTIAL: secret(),
  TIMEOUT: durationMs().default(30_000),
  VERBOSE: bool().default(false),
  WORKERS: integer(1, 8).default(2),
  JUDGES: list().default(['builtin']),
  ALLOWED: origins().default([]),
  BLOBS: z.enum(['fs', 's3']).default('fs'),
});

describe('loadConfig', () => {
  test('types what is set and fills in the rest', () => {
    const config = loadConfig(schema, {
      GRPC_ADDR: '127.0.0.1:50051',
      MESH_CREDENTIAL: 'hush-hush',
      TIMEOUT: '1.5s',
      VERBOSE: 'Yes',
      WORKERS: '4',
      JUDGES: ' builtin, ,qwen ',
      ALLOWED: 'HTTP://Images.example:80, https://10.0.0.1:8443',
      BLOBS: '',
      UNRELATED: 'x',
    });
    expect(config).toMatchObject({
      ATELIER_DATA_DIR: '.atelier',
      GRPC_ADDR: { host: '127.0.0.1', port: 50051 },
      TIMEOUT: 1500,
      VERBOSE: true,
      WORKERS: 4,
      JUDGES: ['builtin', 'qwen'],
      ALLOWED: ['http://images.example', 'https://10.0.0.1:8443'],
      BLOBS: 'fs',
    });
    expect(config.MESH_CREDENTIAL.reveal()).toBe('hush-hush');
    expect(config).not.toHaveProperty('UNRELATED');
  });

  test('a duration may have a least', () => {
    const atLeast = z.object({ AGE: durationMs(1_000) });
    expect(loadConfig(atLeast, { AGE: '1s' })).toEqual({ AGE: 1_000 });
    const { problems } = catchConfigError(() => loadConfig(atLeast, { AGE: '999ms' }));
    expect(problems).toEqual([{ variable: 'AGE', message: 'must be a duration of at least 1000 ms' }]);
  });

  test('tells all problems at once, by name, without a value', () => {
    const env = {
      GRPC_ADDR: 'nonsense-value',
      TIMEOUT: 'soon-value',
      VERBOSE: 'maybe-value',
      WORKERS: '99',
      ALLOWED: 'https://images.example/path-value',
      BLOBS: 'tape-value',
    };
    const error = catchConfigError(() => loadConfig(schema, env));
    expect(error.problems.map((problem) => problem.variable).sort()).toEqual(
      ['ALLOWED', 'BLOBS', 'GRPC_ADDR', 'MESH_CREDENTIAL', 'TIMEOUT', 'VERBOSE', 'WORKERS'].sort(),
    );
    expect(error.message).toContain('MESH_CREDENTIAL: is required');
    for (const value of Object.values(env).filter((text) => text.length > 3)) {
      expect(error.message).not.toContain(value);
    }
  });

  test('a rule that quotes the value does not leak it', () => {
    const leaky = z.object({ KEY: z.string().refine(() => false, { message: 'bad key sk-123456' }) });
    expect(catchConfigError(() => loadConfig(leaky, { KEY: 'sk-123456' })).message).not.toContain(
      'sk-123456',
    );
  });
});

function catchConfigError(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error('expected a ConfigError');
}

describe('addresses', () => {
  test.each([
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['[::1]:8080', { host: '::1', port: 8080 }],
    ['gateway.internal:65535', { host: 'gateway.internal', port: 65535 }],
  ])('%s is read and written back', (text, address) => {
    expect(parseHostPort(text)).toEqual(address);
    expect(formatHostPort(address)).toBe(text);
  });

  test.each([':8080', 'host', 'host:', 'host:65536', '::1:8080', '[host]:80', 'a b:80'])(
    '%s is refused',
    (text) => {
      expect(parseHostPort(text)).toBeUndefined();
    },
  );

  test('loopback is only what no other machine can reach', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '10.0.0.1', 'localhost.example'].some(isLoopback)).toBe(false);
  });
});

describe('origins', () => {
  test.each(['*', 'https://*.example', 'ftp://a', 'https://u:p@a', 'https://a/?', 'https://a#x', 'a:80'])(
    '%s is refused',
    (text) => {
      expect(origins().safeParse(text).success).toBe(false);
    },
  );
});

describe('bounds of an outside service', () => {
  test('a rate is requests in seconds', () => {
    expect(rate().parse('150/10')).toEqual({ requests: 150, seconds: 10 });
  });

  test.each(['150', '0/10', '10/0', '1.5/10', '-1/10', '1000000/1', ' 1/1'])('%s is no rate', (text) => {
    expect(rate().safeParse(text).success).toBe(false);
  });

  test.each(['0', '257', 'many', '1.5'])('%s is no number of requests at once', (text) => {
    expect(concurrency().safeParse(text).success).toBe(false);
  });
});

test('a secret hides from every way of printing', () => {
  const hidden = new Secret('hush');
  const shown = [
    String(hidden),
    `${hidden}`,
    JSON.stringify({ hidden }),
    inspect({ hidden }),
    inspect(hidden),
  ];
  for (const text of shown) expect(text).not.toContain('hush');
});

describe('instances', () => {
  test('groups by instance, defaults the type, wraps secrets, ignores strangers', () => {
    const found = instances(
      {
        PROVIDER_OPENAI_API_KEY: 'sk-1',
        PROVIDER_AZURE_EU_TYPE: 'OpenAI',
        PROVIDER_AZURE_EU_BASE_URL: 'https://eu.example',
        PROVIDER_AZURE_EU_API_VERSION: '2026-01-01',
        PROVIDER_AZURE_API_KEY: 'k',
        PROVIDER_AZURE_ACCESS_KEY_ID: 'id',
        PROVIDER_AZURE_SESSION_TOKEN: 't',
        PROVIDER_AZURE_KEY_IDENTITY: 'plain',
        PROVIDER_ADAPTER_GRPC_ADDR: '127.0.0.1:1',
        PROVIDER_ADAPTER_URL: 'dns:///x:1',
        PROVIDER_EMPTY_API_KEY: '',
      },
      'PROVIDER',
    );
    expect([...found.keys()]).toEqual(['azure', 'azure-eu', 'openai']);
    expect(found.get('openai')).toMatchObject({ name: 'openai', type: 'openai' });
    expect(found.get('openai')?.secrets.get('API_KEY')?.reveal()).toBe('sk-1');
    const azure = found.get('azure');
    expect([...(azure?.secrets.keys() ?? [])].sort()).toEqual(['ACCESS_KEY_ID', 'API_KEY', 'SESSION_TOKEN']);
    expect([...(azure?.fields.keys() ?? [])]).toEqual(['KEY_IDENTITY']);
    const eu = found.get('azure-eu');
    expect(eu?.type).toBe('openai');
    expect(Object.fromEntries(eu?.fields ?? [])).toEqual({
      BASE_URL: 'https://eu.example',
      API_VERSION: '2026-01-01',
    });
  });
});
