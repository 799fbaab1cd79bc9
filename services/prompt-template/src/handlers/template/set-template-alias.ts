import type { TemplateHandler } from '../handler.ts';

export const setTemplateAlias: TemplateHandler<'setTemplateAlias'> =
  ({ library }) =>
  async (request, call) => ({ template: await library.setAlias(request, call) });
