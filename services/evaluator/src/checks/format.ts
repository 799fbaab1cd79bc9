import { type Check, ParamError } from './check.ts';
import { Params } from './params.ts';
import { answer } from './probability.ts';

/** `formats`: accepted ones, a list or one text with commas: png, jpeg (or jpg), webp, avif, gif, tiff. */
export interface FormatParams {
  formats: string[];
}

const known = ['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'];

/** Is the file of one of these formats? Read from its bytes, whatever its name or declared type. */
export const formatCheck: Check<FormatParams> = {
  kind: 'format',

  parse(values) {
    const params = new Params(values);
    const formats = params.words('formats')?.map((name) => (name === 'jpg' ? 'jpeg' : name));
    if (formats === undefined) throw new ParamError('formats', 'is required');
    const unknown = formats.find((name) => !known.includes(name));
    if (unknown !== undefined) throw new ParamError('formats', `must be among ${known.join(', ')}`);
    return params.done({ formats });
  },

  async run(params, { image }) {
    const { format } = image.header;
    return answer(
      params.formats.includes(format) ? 1 : 0,
      { format },
      `The file is ${format.toUpperCase()}.`,
      `The file is ${format.toUpperCase()}; set the output format to ${params.formats.join(' or ')}.`,
    );
  },
};
