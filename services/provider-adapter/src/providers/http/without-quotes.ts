import type { JsonValue } from '@bufbuild/protobuf';

/** Shorter texts of a request, such as the names of samplers, may be quoted. */
const SHORT = 12;

/** What a server said of a failure, unless it quotes a text of the request: a prompt must not get into logs and errors. */
export function withoutQuotes(said: string, request: JsonValue): string {
  return textsOf(request).some((text) => text.length > SHORT && said.includes(text)) ? '' : said;
}

function textsOf(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
