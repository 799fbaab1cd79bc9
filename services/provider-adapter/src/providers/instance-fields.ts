import type { ProviderInstance } from './provider.ts';

/** The instance's own limit of requests at once (`PROVIDER_<INSTANCE>_CONCURRENCY`), or the given default. */
export function concurrencyOf({ fields }: ProviderInstance, otherwise: number): number {
  const asked = Number(fields.get('CONCURRENCY'));
  return Number.isInteger(asked) && asked >= 1 && asked <= 256 ? asked : otherwise;
}
