import { type Generation, GenerationSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { clone } from '@bufbuild/protobuf';

/** A copy of a record in which every text is another one: names, prompts, critiques, addresses, keys of maps. */
export function poison(record: Generation, poisoned: (text: string) => string): Generation {
  return walk(clone(GenerationSchema, record), poisoned) as Generation;
}

function walk(value: unknown, poisoned: (text: string) => string): unknown {
  if (typeof value === 'string') return poisoned(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, poisoned));
  if (typeof value !== 'object' || value === null) return value;
  const isMessage = '$typeName' in value || 'case' in value;
  const entries = Object.entries(value).map(([key, item]) => {
    // Keys of maps stay apart from each other. These are the message's own, and no text of a record.
    if (key === '$typeName' || key === 'case') return [key, item];
    return [isMessage ? key : `${poisoned(key)}${key}`, walk(item, poisoned)];
  });
  return Object.fromEntries(entries);
}
