import { VersionedLibrary } from '@atelier/documents';
import {
  type Template,
  type TemplateContent,
  TemplateContentSchema,
  TemplateSchema,
  type TemplateVersion,
  TemplateVersionSchema,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import type { Client } from '@atelier/rpc';

/** The library of templates, to read from. Another service writes it. */
export type TemplateLibrary = Pick<VersionedLibrary<Template, TemplateVersion, TemplateContent>, 'get'>;

/** Opens the library over the document service. */
export function openTemplateLibrary(client: Client<typeof DocumentService>): TemplateLibrary {
  return new VersionedLibrary({
    client,
    prefix: 'templates',
    versionCollection: 'template-versions',
    header: TemplateSchema,
    version: TemplateVersionSchema,
    content: TemplateContentSchema,
  });
}
