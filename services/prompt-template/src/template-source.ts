import { type LibraryCall, VersionedLibrary } from '@atelier/documents';
import {
  type Template,
  type TemplateContent,
  TemplateContentSchema,
  TemplateSchema,
  type TemplateVersion,
  TemplateVersionSchema,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { type Client, invalidArgument } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { LRUCache } from 'lru-cache';
import { type CompiledTemplate, compileTemplate } from './template/compile.ts';

/** The library of templates. */
export type TemplateLibrary = VersionedLibrary<Template, TemplateVersion, TemplateContent>;

/** Opens the library over the document service. */
export function openTemplateLibrary(
  client: Client<typeof DocumentService>,
  now: () => Date,
): TemplateLibrary {
  return new VersionedLibrary({
    client,
    prefix: 'templates',
    versionCollection: 'template-versions',
    header: TemplateSchema,
    version: TemplateVersionSchema,
    content: TemplateContentSchema,
    now,
  });
}

/** A version that a prompt is made with. */
export interface SourceTemplate {
  /** `templates/{id}/versions/{n}`. */
  readonly name: string;
  readonly compiled: CompiledTemplate;
}

/** Compiled templates kept. */
const MAX_COMPILED = 500;

/** Templates by name, ready to be rendered. A version never changes, so each is compiled once. */
export class TemplateSource {
  readonly #library: TemplateLibrary;
  readonly #compiled = new LRUCache<string, CompiledTemplate>({ max: MAX_COMPILED });

  constructor(library: TemplateLibrary) {
    this.#library = library;
  }

  /** The version that the name means; undefined for the empty name. NOT_FOUND as `VersionedLibrary.get`. */
  async find(name: string, call: LibraryCall): Promise<SourceTemplate | undefined> {
    if (name === '') return undefined;
    const { version } = await this.#library.get(name, call, 'template');
    return { name: version.name, compiled: this.#compile(version) };
  }

  #compile(version: TemplateVersion): CompiledTemplate {
    const kept = this.#compiled.get(version.sha256);
    if (kept !== undefined) return kept;
    const content = version.content ?? create(TemplateContentSchema);
    const { compiled, problems } = compileTemplate(content);
    if (compiled === undefined) {
      // It was checked when it was added, by the rules of that time.
      throw invalidArgument(
        problems.map(({ field, description }) => ({ field: `template: ${field}`, description })),
        { reason: 'TEMPLATE_INVALID', metadata: { resource: version.name } },
      );
    }
    this.#compiled.set(version.sha256, compiled);
    return compiled;
  }
}
