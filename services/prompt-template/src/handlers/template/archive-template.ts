import type { TemplateHandler } from '../handler.ts';

export const archiveTemplate: TemplateHandler<'archiveTemplate'> =
  ({ library }) =>
  async (request, call) => ({ template: await library.archive(request, call) });
