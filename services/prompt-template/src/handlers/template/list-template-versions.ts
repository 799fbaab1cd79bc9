import type { TemplateHandler } from '../handler.ts';

export const listTemplateVersions: TemplateHandler<'listTemplateVersions'> =
  ({ library }) =>
  async (request, call) =>
    library.listVersions(request, call);
