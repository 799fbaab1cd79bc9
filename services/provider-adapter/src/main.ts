import { serviceMain } from '@atelier/service';
import { loadProviderAdapterConfig, startProviderAdapter } from './service.ts';

await serviceMain({
  name: 'provider-adapter',
  load: loadProviderAdapterConfig,
  start: startProviderAdapter,
  drainGraceMs: (config) => config.PROVIDER_ADAPTER_DRAIN_GRACE,
});
