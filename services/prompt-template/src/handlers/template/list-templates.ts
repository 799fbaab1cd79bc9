import type { TemplateHandler } from '../handler.ts';

export const listTemplates: TemplateHandler<'listTemplates'> =
  ({ library }) =>
  async (request, call) => {
    const { headers, nextPageToken } = await library.list(request, call);
    return { templates: headers, nextPageToken };
  };
