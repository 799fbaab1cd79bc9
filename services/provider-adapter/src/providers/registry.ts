import { ConfigError, type Instance } from '@atelier/config';
import type { ProviderStatus } from '../catalog/catalog.ts';
import { instanceVariable } from './instance-fields.ts';
import { bareInstance, type Provider, type ProviderType } from './provider.ts';

/** The provider instances of this installation, by name. */
export class ProviderRegistry {
  readonly #providers: ReadonlyMap<string, Provider>;

  constructor(providers: readonly Provider[]) {
    this.#providers = new Map(providers.map((provider) => [provider.name, provider]));
  }

  get(name: string): Provider | undefined {
    return this.#providers.get(name);
  }

  has(name: string): boolean {
    return this.#providers.has(name);
  }

  names(): readonly string[] {
    return [...this.#providers.keys()].sort();
  }

  /** Whether an instance can be used, and what it lacks. One that does not exist lacks its TYPE. */
  status(name: string): ProviderStatus {
    const provider = this.#providers.get(name);
    if (provider === undefined) {
      return { isConfigured: false, missing: [instanceVariable(name, 'TYPE')] };
    }
    return { isConfigured: provider.missing.length === 0, missing: provider.missing };
  }
}

/**
 * Makes the instances: one of each type in `always`, and those that the environment names. Throws a
 * `ConfigError` that names every instance of an unknown type.
 */
export function createProviders(
  types: readonly ProviderType[],
  always: readonly string[],
  configured: ReadonlyMap<string, Instance>,
): ProviderRegistry {
  const byType = new Map(types.map((type) => [type.type, type]));
  const all = new Map([...always.map((name) => [name, bareInstance(name)] as const), ...configured]);
  const unknown = [...all.values()].filter(({ type }) => !byType.has(type));
  if (unknown.length > 0) {
    const message = `must be one of ${[...byType.keys()].sort().join(', ')}`;
    throw new ConfigError(unknown.map(({ name }) => ({ variable: instanceVariable(name, 'TYPE'), message })));
  }
  const providers = [...all.values()].map((instance) => byType.get(instance.type)?.create(instance));
  return new ProviderRegistry(providers.filter((provider) => provider !== undefined));
}
