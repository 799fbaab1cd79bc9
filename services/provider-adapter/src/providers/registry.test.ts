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

  test('a pair of keys brings an instance into being as one key does', () => {
    const { instances } = loadProviderAdapterConfig({
      PROVIDER_KEYED_ACCESS_KEY_ID: 'id',
      PROVIDER_KEYED_SECRET_ACCESS_KEY: 's',
      PROVIDER_KEYED_REGION: 'us-west-2',
    });
    const { fields, secrets } = instances.get('keyed') ?? {};
    expect([...(secrets?.keys() ?? [])]).toEqual(['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY']);
    expect(fields).toEqual(new Map([['REGION', 'us-west-2']]));
  });

  test('a limit of requests at once is taken, or refused by the name of its variable', () => {
    expect(registry({ PROVIDER_SANDBOX_CONCURRENCY: '3' }).get('sandbox')?.concurrency).toBe(3);
    expect(() => registry({ PROVIDER_SANDBOX_CONCURRENCY: 'many' })).toThrow(/PROVIDER_SANDBOX_CONCURRENCY/);
  });

  test('an unknown type is refused by the name of its variable', () => {
    expect(() => registry({ PROVIDER_NEW_ONE_API_KEY: 'k' })).toThrow(/PROVIDER_NEW_ONE_TYPE/);
  });
});
