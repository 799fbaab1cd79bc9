import { type Visibility, VisibilitySchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { DescMessage, JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { Document, parse, Scalar, visit } from 'yaml';
import { canonicalJson } from './canonical.ts';
import type { LibraryFile, LibraryHeader } from './library-file.ts';

/** What a file holds of a template or rubric. */
export interface LibraryText {
  /** `templates/{id}` or `rubrics/{id}`. */
  readonly name: string;
  /** Absent in files of contents that aliases keep. */
  readonly header?: LibraryHeader;
  readonly aliases?: readonly string[];
  readonly content: Message;
}

/** Characters of a line of prose, as in the files that come with the platform. */
const LINE_WIDTH = 120;
/** Characters from which a text is folded. */
const FOLDED_FROM = 100;

/** The form in which files have a template or rubric: what is empty is left out, who sees it is always said. */
export function libraryValue(
  schema: DescMessage,
  { name, header, aliases = [], content }: LibraryText,
): JsonObject {
  return {
    id: name.split('/')[1] ?? name,
    ...(header !== undefined && headerValue(header)),
    ...(aliases.length > 0 && { aliases: [...aliases] }),
    content: canonicalJson(schema, content),
  };
}

/** The file's text, the same for the same resource. */
export function libraryText(schema: DescMessage, text: LibraryText): string {
  return valueText(libraryValue(schema, text));
}

/**
 * A value as YAML. Prose is folded as people write it, so that a changed word is a changed line. Where folding would change
 * what a text says, as the library's does among odd blanks, no line is broken at all.
 */
export function valueText(value: JsonValue): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (key, scalar) => {
      if (key === 'value' && isProse(scalar.value)) scalar.type = Scalar.BLOCK_FOLDED;
    },
  });
  const folded = document.toString({ lineWidth: LINE_WIDTH });
  const isSame = JSON.stringify(parse(folded)) === JSON.stringify(value);
  return isSame ? folded : new Document(value).toString({ lineWidth: 0 });
}

/** One long line of words with single spaces between them: what folding leaves as it is. */
function isProse(value: unknown): boolean {
  return typeof value === 'string' && value.length > FOLDED_FROM && /^\S+(?: \S+)*$/.test(value);
}

/** Whether a file that was read says the same, however it is written. */
export function saysTheSame(schema: DescMessage, file: LibraryFile, text: LibraryText): boolean {
  const { name, header, headerFields, aliases, content } = file;
  const own = { name, aliases, content, ...(headerFields.size > 0 && { header }) };
  return JSON.stringify(libraryValue(schema, own)) === JSON.stringify(libraryValue(schema, text));
}

function headerValue({ displayName, description, visibility, labels }: LibraryHeader): JsonObject {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...(displayName !== '' && { displayName }),
    ...(description !== '' && { description }),
    visibility: visibilityName(visibility),
    ...(sorted.length > 0 && { labels: Object.fromEntries(sorted) }),
  };
}

/** Who sees a resource, as files say it; not said is the team. */
export function visibilityName(visibility: Visibility): string {
  return VisibilitySchema.value[visibility || 1]?.name ?? 'VISIBILITY_TEAM';
}
