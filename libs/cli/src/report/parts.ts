import { type Html, html, type Part } from './html.ts';
import type { VerdictWords } from './words.ts';

/** A heading of a level from 1 to 6; deeper ones are of level 6. */
export function heading(level: number, words: Part): Html {
  switch (Math.min(level, 6)) {
    case 1:
      return html`<h1>${words}</h1>`;
    case 2:
      return html`<h2>${words}</h2>`;
    case 3:
      return html`<h3>${words}</h3>`;
    case 4:
      return html`<h4>${words}</h4>`;
    case 5:
      return html`<h5>${words}</h5>`;
    default:
      return html`<h6>${words}</h6>`;
  }
}

/** A part of the page under its heading; nothing where it has no content. */
export function section(level: number, title: string, content: Part): Part {
  if (content === undefined || (Array.isArray(content) && content.every((part) => !part))) return undefined;
  return html`<section>
${heading(level, title)}
${content}
</section>
`;
}

/** A verdict or outcome: sign and word, so that nothing is told by colour alone. */
export function badge({ sign, tone, word }: VerdictWords): Html {
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/** Labels with what belongs to them; those without are left out. */
export function facts(entries: readonly (readonly [string, Part])[]): Part {
  const given = entries.filter(([, value]) => value !== '' && value !== undefined && value !== false);
  if (given.length === 0) return undefined;
  return html`<dl class="facts">
${given.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`)}</dl>
`;
}

/** What is folded away until it is asked for. */
export function foldOut(title: Part, content: Part): Part {
  if (content === undefined) return undefined;
  return html`<details class="more"><summary>${title}</summary>
${content}
</details>
`;
}

/** A table under a caption that tells what it is; numbers stand to the right. */
export function dataTable(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly Part[])[],
  options: { readonly numbersFrom?: number; readonly lastIsTotal?: boolean } = {},
): Html {
  const { numbersFrom = headings.length, lastIsTotal = false } = options;
  const look = (column: number) => (column >= numbersFrom ? 'number' : 'text');
  const row = (cells: readonly Part[]) => html`<tr>${cells.map((cell, column) =>
    column === 0
      ? html`<th scope="row" class="${look(column)}">${cell}</th>`
      : html`<td class="${look(column)}">${cell}</td>`,
  )}</tr>
`;
  const body = lastIsTotal ? rows.slice(0, -1) : rows;
  const total = lastIsTotal ? rows.slice(-1) : [];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="data">
<caption>${caption}</caption>
<thead><tr>${headings.map((words, column) => html`<th scope="col" class="${look(column)}">${words}</th>`)}</tr></thead>
<tbody>
${body.map(row)}</tbody>
${total.length === 0 ? undefined : html`<tfoot>${total.map(row)}</tfoot>\n`}</table></div>
`;
}

/** A list of sentences; nothing where there are none. */
export function list(items: readonly Part[], look: string): Part {
  return items.length === 0
    ? undefined
    : html`<ul class="${look}">${items.map((item) => html`<li>${item}</li>`)}</ul>
`;
}

/** JSON as it is, in lines. */
export function jsonBlock(value: unknown): Html {
  return html`<pre class="json"><code>${JSON.stringify(value, undefined, 2) ?? ''}</code></pre>
`;
}

/** A share from 0 to 1 as a bar; what it says stands beside it in words. */
export function shareBar(share: number, low = share, high = share): Html {
  const at = (value: number) => (100 * Math.min(1, Math.max(0, value))).toFixed(1);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bar-all" width="100" height="8"/><rect class="bar-value" width="${at(share)}" height="8"/><rect class="bar-band" x="${at(low)}" y="2" width="${at(high - low)}" height="4"/></svg>`;
}
