import { ConfigError } from '@atelier/config';
import { createLogger } from '@atelier/observability';
import closeWithGrace from 'close-with-grace';
import type { RunningService } from './run-service.ts';

/** What the main of a service does. */
export interface ServiceMainOptions<C> {
  /** Name for the log. */
  readonly name: string;
  /** Reads the environment; throws `ConfigError` with all problems. */
  readonly load: () => C;
  readonly start: (config: C) => Promise<RunningService>;
  /** Milliseconds that a drain may take. */
  readonly drainGraceMs: (config: C) => number;
}

/** A little more than the drain itself, which ends by its own clock. */
const MARGIN_MS = 2_000;

/**
 * Starts a service and drains it on SIGTERM or SIGINT, or after an error that nobody handled. What keeps it from starting
 * is logged, and the process then ends with 1.
 */
export async function serviceMain<C>({
  name,
  load,
  start,
  drainGraceMs,
}: ServiceMainOptions<C>): Promise<void> {
  const log = createLogger({ service: name });
  try {
    const config = load();
    const service = await start(config);
    closeWithGrace({ delay: drainGraceMs(config) + MARGIN_MS, logger: log }, async ({ err }) => {
      if (err !== undefined) log.fatal({ err }, 'an error was not handled');
      await service.drain();
    });
  } catch (error) {
    if (error instanceof ConfigError)
      for (const problem of error.problems) log.fatal(problem, 'configuration');
    else log.fatal({ err: error }, `${name} cannot start`);
    process.exitCode = 1;
  }
}
