import { ConfigError } from '@atelier/config';
import { createLogger } from '@atelier/observability';
import closeWithGrace from 'close-with-grace';
import { loadEvaluatorConfig, startEvaluator } from './service.ts';

const log = createLogger({ service: 'evaluator' });
try {
  const config = loadEvaluatorConfig();
  const service = await startEvaluator(config);
  // A little more than the drain itself, which ends by its own clock.
  const delay = config.EVALUATOR_DRAIN_GRACE + 2_000;
  closeWithGrace({ delay, logger: log }, async ({ err }) => {
    if (err !== undefined) log.fatal({ err }, 'an error was not handled');
    await service.drain();
  });
} catch (error) {
  if (error instanceof ConfigError) for (const problem of error.problems) log.fatal(problem, 'configuration');
  else log.fatal({ err: error }, 'the evaluator cannot start');
  process.exitCode = 1;
}
