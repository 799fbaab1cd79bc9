import type { TemplateHandler } from '../handler.ts';
import { required } from '../refusals.ts';

export const updateTemplate: TemplateHandler<'updateTemplate'> =
  ({ library }) =>
  async ({ template }, call) => ({
    template: await library.update(required(template), call, 'template.name'),
  });
