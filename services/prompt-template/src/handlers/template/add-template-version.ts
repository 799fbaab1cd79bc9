import type { TemplateHandler } from '../handler.ts';
import { checkedContent, required } from '../refusals.ts';

export const addTemplateVersion: TemplateHandler<'addTemplateVersion'> =
  ({ library }) =>
  async ({ name, content, changeNote, etag, setAliases }, call) => {
    const checked = required(content);
    checkedContent(checked);
    const input = { name, content: checked, changeNote, etag, setAliases };
    const { header, version, added } = await library.addVersion(input, call);
    return { template: header, version, added };
  };
