import type { JsonObject } from '@bufbuild/protobuf';

/** The variable by which a question quotes what was asked for, unless the brief has a variable of that name. */
export const BRIEF = 'brief';

/** Values for the questions' texts: the brief's variables, and the brief itself. An empty brief is none. */
export function scopeOf(variables: JsonObject, brief: string): JsonObject {
  return brief === '' ? variables : { [BRIEF]: brief, ...variables };
}
