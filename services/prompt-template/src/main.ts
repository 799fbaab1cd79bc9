import { serviceMain } from '@atelier/service';
import { loadPromptTemplateConfig, startPromptTemplate } from './service.ts';

await serviceMain({
  name: 'prompt-template',
  load: loadPromptTemplateConfig,
  start: startPromptTemplate,
  drainGraceMs: (config) => config.PROMPT_TEMPLATE_DRAIN_GRACE,
});
