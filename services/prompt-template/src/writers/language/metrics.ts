import { Counter, type Metrics } from '@atelier/observability';
import type { LanguageWriterOptions } from './language-writer.ts';

/**
 * `atelier_prompt_writer_asks_total` by task (expand, refine, edit) and outcome: written, unfit for an answer that was not
 * taken, or how asking failed.
 */
export function askMetrics({ registry }: Metrics): LanguageWriterOptions['record'] {
  const asks = new Counter({
    name: 'atelier_prompt_writer_asks_total',
    help: 'Asks of the language model that writes prompts.',
    labelNames: ['task', 'outcome'],
    registers: [registry],
  });
  return (task, outcome) => asks.inc({ task, outcome });
}
