/** What stands for a value of a variable, and for a quotation, in a text that is looked at for its grammar. */
const VALUE = 'VALUE';
const QUOTATION = 'QUOTATION';

const OUTPUT = /\{\{.*?\}\}/gs;

/** Quotation marks that come in pairs. A straight single one opens after a space or bracket and closes before none of a word. */
const QUOTED = [/"[^"]*"/g, /“[^”]*”/g, /«[^»]*»/g, /(?<![\p{L}\p{N}])['‘].*?['’](?![\p{L}\p{N}])/gu];

/**
 * A text with each variable and each quotation as one word that means nothing: both are data, and what is in them says
 * nothing about how a question is built.
 */
export function masked(text: string): string {
  const withoutValues = text.replaceAll(OUTPUT, VALUE);
  return QUOTED.reduce((rest, mark) => rest.replaceAll(mark, QUOTATION), withoutValues)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** What a text has between quotation marks, without them. */
export function quotations(text: string): string[] {
  return QUOTED.flatMap((mark) => text.match(mark) ?? []).map((quoted) => quoted.slice(1, -1).trim());
}

/** Whether a double quotation mark stands alone. */
export function isQuoteOpen(text: string): boolean {
  return /["“”«»]/.test(masked(text));
}
