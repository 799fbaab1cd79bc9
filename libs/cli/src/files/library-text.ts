import { type Visibility, VisibilitySchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { DescMessage, JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { stringify } from 'yaml';
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

/** A value as YAML. */
export function valueText(value: JsonValue): string {
  return stringify(value, { lineWidth: LINE_WIDTH });
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
