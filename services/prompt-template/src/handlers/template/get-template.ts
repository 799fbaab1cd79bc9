import type { TemplateHandler } from '../handler.ts';

export const getTemplate: TemplateHandler<'getTemplate'> =
  ({ library }) =>
  async ({ name }, call) => {
    const { header, version } = await library.get(name, call);
    return { template: header, version };
  };
