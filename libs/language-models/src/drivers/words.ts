import type { ModelRequest } from '../language-model.ts';

/** Asks for JSON in words, for models that nothing holds to a schema. It is part of the instructions. */
export function schemaInWords(schema: ModelRequest['schema']): string {
  return [
    'Answer with one JSON object and nothing else: no words before or after it, no Markdown.',
    'It has to be valid against this JSON schema:',
    JSON.stringify(schema, undefined, 2),
  ].join('\n');
}
