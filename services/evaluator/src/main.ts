import { serviceMain } from '@atelier/service';
import { loadEvaluatorConfig, startEvaluator } from './service.ts';

await serviceMain({
  name: 'evaluator',
  load: loadEvaluatorConfig,
  start: startEvaluator,
  drainGraceMs: (config) => config.EVALUATOR_DRAIN_GRACE,
});
