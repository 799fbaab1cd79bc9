import type { TemplateHandler } from '../handler.ts';
import { checkedContent, required } from '../refusals.ts';

export const createTemplate: TemplateHandler<'createTemplate'> =
  ({ library }) =>
  async ({ templateId, template, content, changeNote, requestId }, call) => {
    const checked = required(content);
    checkedContent(checked);
    const input = { id: templateId, header: template, content: checked, changeNote, requestId };
    const { header, version } = await library.create(input, call);
    return { template: header, version };
  };
