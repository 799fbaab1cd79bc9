import { RubricContentSchema, RubricSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import {
  TemplateContentSchema,
  TemplateSchema,
  type Visibility,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { DescMessage, JsonValue, Message } from '@bufbuild/protobuf';
import { UsageError } from '../usage-error.ts';
import { inAliasOrder, isAlias } from './alias.ts';
import { at, decodeMessage, isObject, type Place, suggestion } from './decode.ts';
import { readYaml } from './read-yaml.ts';

/** The two libraries of versioned documents. */
export const libraryKinds = {
  templates: { header: TemplateSchema, content: TemplateContentSchema },
  rubrics: { header: RubricSchema, content: RubricContentSchema },
} as const satisfies Record<string, { header: DescMessage; content: DescMessage }>;

/** `templates` or `rubrics`. */
export type LibraryKind = keyof typeof libraryKinds;

/** What a file may set of the resource itself, besides its content. */
export interface LibraryHeader {
  readonly displayName: string;
  readonly description: string;
  readonly visibility: Visibility;
  readonly labels: Readonly<Record<string, string>>;
}

/** A template or rubric as a file has it. */
export interface LibraryFile {
  readonly file: string;
  /** `templates/{id}` or `rubrics/{id}`. */
  readonly name: string;
  readonly header: LibraryHeader;
  /** The fields of the header that the file sets; the others stay as they are. */
  readonly headerFields: ReadonlySet<keyof LibraryHeader>;
  /** Aliases that the file says point at its content, in their order. */
  readonly aliases: readonly string[];
  readonly content: Message;
  readonly changeNote: string;
}

const HEADER: Readonly<Record<string, keyof LibraryHeader>> = {
  displayName: 'displayName',
  display_name: 'displayName',
  description: 'description',
  visibility: 'visibility',
  labels: 'labels',
};
const KEYS = [...Object.keys(HEADER), 'id', 'name', 'aliases', 'content', 'changeNote', 'change_note'];

/**
 * Reads a template or rubric from a file: `id` or `name`, `content`, what belongs to its header, and the aliases that point at
 * the content.
 */
export async function readLibraryFile(kind: LibraryKind, file: string): Promise<LibraryFile> {
  return decodeLibraryFile(kind, await readYaml(file), { file, path: '' });
}

export function decodeLibraryFile(kind: LibraryKind, value: JsonValue, place: Place): LibraryFile {
  const { file, path } = place;
  if (!isObject(value)) throw new UsageError(`${file}: expected keys such as id and content`);
  const unknown = Object.keys(value).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) {
    throw new UsageError(
      unknown.map((key) => `${file}: ${at(path, key)}: unknown key${suggestion(key, KEYS)}`),
    );
  }
  const header: { [key: string]: JsonValue } = {};
  for (const [key, field] of Object.entries(HEADER)) {
    if (value[key] !== undefined) header[field] = value[key];
  }
  const { content } = value;
  if (content === undefined) throw new UsageError(`${file}: content: is missing`);
  const note = value.changeNote ?? value.change_note ?? '';
  if (typeof note !== 'string') throw new UsageError(`${file}: changeNote: expected a text`);
  const { content: contentSchema, header: headerSchema } = libraryKinds[kind];
  const decoded = decodeMessage(headerSchema as DescMessage, header, place) as unknown as LibraryHeader;
  return {
    file,
    name: resourceName(kind, value.id ?? value.name, place),
    header: decoded,
    headerFields: new Set(Object.keys(header) as (keyof LibraryHeader)[]),
    aliases: aliasesOf(value.aliases ?? [], file),
    content: decodeMessage(contentSchema as DescMessage, content, { file, path: 'content' }),
    changeNote: note,
  };
}

function aliasesOf(value: JsonValue, file: string): string[] {
  if (!Array.isArray(value)) throw new UsageError(`${file}: aliases: expected a list such as [production]`);
  const problems = value.flatMap((alias, index) => {
    const place = `${file}: ${at('aliases', index)}`;
    if (typeof alias !== 'string' || !isAlias(alias))
      return [
        `${place}: expected lower-case letters, digits and hyphens, and not latest, which moves by itself`,
      ];
    return value.indexOf(alias) < index ? [`${place}: "${alias}" is there twice`] : [];
  });
  if (problems.length > 0) throw new UsageError(problems);
  return inAliasOrder(value as string[]);
}

/** The name of a resource from `id: x` or `name: collection/x`. */
export function resourceName(collection: string, value: JsonValue | undefined, { file }: Place): string {
  const id =
    typeof value === 'string' && value.startsWith(`${collection}/`)
      ? value.slice(collection.length + 1)
      : value;
  if (typeof id === 'string' && /^[a-z][a-z0-9-]{0,62}$/.test(id)) return `${collection}/${id}`;
  throw new UsageError(
    `${file}: id: expected lower-case letters, digits and hyphens, such as produce-cutout, or name: ${collection}/produce-cutout`,
  );
}
