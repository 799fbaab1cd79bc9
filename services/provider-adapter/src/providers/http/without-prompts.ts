import type { JsonValue } from '@bufbuild/protobuf';

/** Fields of native bodies that hold what the caller wrote. */
const WRITTEN = /prompt|^inputs$|^text$/i;

/** What a provider says about a body, without the prompts of that body, since errors are kept and shown. */
export function withoutPrompts(said: string, body: JsonValue): string {
  return writtenIn(body)
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, prompt) => text.replaceAll(prompt, '…'), said);
}

function writtenIn(value: JsonValue, key = ''): string[] {
  if (typeof value === 'string') return WRITTEN.test(key) && value.trim() !== '' ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => writtenIn(item, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => writtenIn(item, name));
}
