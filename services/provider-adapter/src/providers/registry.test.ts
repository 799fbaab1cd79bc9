import { describe, expect, test } from '@jest/globals';
import { loadProviderAdapterConfig } from '../config.ts';
import type { ProviderType } from './provider.ts';
import { createProviders } from './registry.ts';
import { sandbox } from './sandbox/provider.ts';

/** A kind of provider that needs a key. */
const keyed: ProviderType = {
  type: 'keyed',
  create: (instance) => ({
    ...sandbox.create(instance),
    missing: instance.secrets.has('API_KEY') ? [] : ['API_KEY'],
  }),
};

const registry = (env: Record<string, string>) =>
  createProviders([sandbox, keyed], ['sandbox'], loadProviderAdapterConfig(env).instances);

describe('instances come from variables alone', () => {
  test('the type is the name unless said otherwise, and one type may have several', () => {
    const providers = registry({
      PROVIDER_KEYED_API_KEY: 'k',
      PROVIDER_OTHER_EU_TYPE: 'keyed',
      PROVIDER_ADAPTER_GRPC_ADDR: '127.0.0.1:1',
    });
    expect(providers.names()).toEqual(['keyed', 'other-eu', 'sandbox']);
    expect(providers.status('keyed')).toEqual({ isConfigured: true, missing: [] });
    expect(providers.status('other-eu')).toEqual({ isConfigured: false, missing: ['API_KEY'] });
    expect(providers.status('absent')).toEqual({ isConfigured: false, missing: ['PROVIDER_ABSENT_TYPE'] });
  });

  test('a limit of requests at once is taken, or refused by the name of its variable', () => {
    expect(registry({ PROVIDER_SANDBOX_CONCURRENCY: '3' }).get('sandbox')?.concurrency).toBe(3);
    expect(() => registry({ PROVIDER_SANDBOX_CONCURRENCY: 'many' })).toThrow(/PROVIDER_SANDBOX_CONCURRENCY/);
  });

  test('an unknown type is refused by the name of its variable', () => {
    expect(() => registry({ PROVIDER_NEW_ONE_API_KEY: 'k' })).toThrow(/PROVIDER_NEW_ONE_TYPE/);
  });
});
