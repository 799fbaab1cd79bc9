import type { TemplateHandler } from '../handler.ts';

export const forkTemplate: TemplateHandler<'forkTemplate'> =
  ({ library }) =>
  async ({ source, templateId }, call) => {
    const { header, version } = await library.fork(
      { source, id: templateId, extra: ({ name }) => ({ forkedFrom: name }) },
      call,
    );
    return { template: header, version };
  };
