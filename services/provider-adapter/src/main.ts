import { ConfigError } from '@atelier/config';
import { createLogger } from '@atelier/observability';
import closeWithGrace from 'close-with-grace';
import { loadProviderAdapterConfig, startProviderAdapter } from './service.ts';

const log = createLogger({ service: 'provider-adapter' });
try {
  const config = loadProviderAdapterConfig();
  const service = await startProviderAdapter(config);
  // A little more than the drain itself, which ends by its own clock.
  const delay = config.PROVIDER_ADAPTER_DRAIN_GRACE + 2_000;
  closeWithGrace({ delay, logger: log }, async ({ err }) => {
    if (err !== undefined) log.fatal({ err }, 'an error was not handled');
    await service.drain();
  });
} catch (error) {
  if (error instanceof ConfigError) for (const problem of error.problems) log.fatal(problem, 'configuration');
  else log.fatal({ err: error }, 'provider-adapter cannot start');
  process.exitCode = 1;
}
