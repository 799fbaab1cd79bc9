import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { GenerationState } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { cycleRounds, imagesOf } from '../generation/arms.ts';
import { askerWords } from '../generation/judge-words.ts';
import { formatCost, plural } from '../output/format.ts';
import type { ReportItem } from './content.ts';
import { type Html, html, type Part } from './html.ts';
import { numbersOf, type ReportNumbers } from './numbers.ts';
import { badge, dataTable, section, shareBar } from './parts.ts';
import type { Share } from './wilson.ts';
import { outcomeWords, subjectWords } from './words.ts';

/** Questions that the summary names. */
const MAX_QUESTIONS = 12;

/** What several generations come to: outcomes, approvals, cost, the questions that fail most, and the way to each of them. */
export function summaryPart(items: readonly ReportItem[]): Html {
  const numbers = numbersOf(items.map(({ generation }) => generation));
  return html`${figures(numbers)}
${section(2, 'Outcomes', outcomeTable(numbers))}
${section(2, 'Questions that fail most', questionTable(numbers))}
${section(2, 'All generations', indexTable(items))}`;
}

/** A share in words: how many of how many, in per cent, with its interval. */
export function shareWords(share: Share | undefined): string {
  if (share === undefined) return 'none yet';
  const { count, of, low, high } = share;
  return `${count} of ${of} (${percent(share.share)} %; 95 %: ${percent(low)} to ${percent(high)} %)`;
}

function percent(value: number): string {
  return (100 * value).toFixed(0);
}

function figures(numbers: ReportNumbers): Html {
  const { generations, ended, rounds, images, cost, approvedImages, costPerApproved } = numbers;
  const open = generations - ended;
  return html`<div class="figures">
${shareFigure('Approved at the end', numbers.approvedAtEnd)}${shareFigure('Approved at round 0', numbers.approvedAtFirst)}${
  numbers.approvedByPeople !== undefined && shareFigure('Approved by people', numbers.approvedByPeople)
}${figure('Cost of an approved image', costPerApproved === undefined ? 'none approved' : formatCost(costPerApproved), plural(approvedImages, 'approved image'))}${figure(
  'Cost in all',
  formatCost(cost),
  `${plural(generations, 'generation')}, ${plural(rounds, 'round')}, ${plural(images, 'image')}`,
)}</div>
${open > 0 && html`<p class="note">${plural(open, 'generation has', 'generations have')} not ended, and count only to rounds, images and cost.</p>\n`}`;
}

function shareFigure(label: string, share: Share | undefined): Html {
  const number = share === undefined ? '–' : `${percent(share.share)} %`;
  return figure(label, number, shareWords(share), share && shareBar(share.share, share.low, share.high));
}

function figure(label: string, number: string, words: string, bar?: Part): Html {
  return html`<div class="figure"><p class="label">${label}</p><p class="number">${number}</p>${bar}<p class="note">${words}</p></div>
`;
}

function outcomeTable({ outcomes, ended }: ReportNumbers): Part {
  if (outcomes.length === 0) return html`<p class="note">None has ended.</p>`;
  const rows = outcomes.map(({ outcome, share }) => [
    badge(outcomeWords({ state: GenerationState.ENDED, outcome })),
    String(share.count),
    `${percent(share.share)} %`,
    `${percent(share.low)} to ${percent(share.high)} %`,
    shareBar(share.share, share.low, share.high),
  ]);
  const caption = `How ${plural(ended, 'generation')} ended; intervals after Wilson`;
  return dataTable(caption, ['Outcome', 'Count', 'Share', '95 % interval', ''], rows, { numbersFrom: 1 });
}

function questionTable({ questions }: ReportNumbers): Part {
  if (questions.length === 0) return html`<p class="note">Every question passes everywhere.</p>`;
  const rows = questions
    .slice(0, MAX_QUESTIONS)
    .map(({ id, text, askedBy, first, end }) => [
      html`<span class="question-text said">${text || id}</span> <span class="note">${[id, askerWords(askedBy) || askedBy].filter(Boolean).join(', ')}</span>`,
      shareWords(first),
      shareWords(end),
    ]);
  const more = questions.length - MAX_QUESTIONS;
  return html`${dataTable('How often a question does not pass', ['Question, for one of its subjects', 'Best of round 0', 'First result'], rows, { numbersFrom: 1 })}${
    more > 0 && html`<p class="note">${plural(more, 'further question')} sometimes did not pass.</p>`
  }`;
}

function indexTable(items: readonly ReportItem[]): Html {
  const rows = items.map(({ generation, label }) => [
    html`<a href="#${anchorOf(generation)}">${label || subjectWords(generation)}</a>`,
    badge(outcomeWords(generation)),
    html`<span class="said">${generation.failedQuestions.map(({ questionId }) => questionId).join(', ')}</span>`,
    String(cycleRounds(generation).length),
    String(imagesOf(cycleRounds(generation))),
    formatCost(generation.cost),
  ]);
  const headings = ['Generation', 'Outcome', 'Does not pass', 'Rounds', 'Images', 'Cost'];
  return dataTable('Each generation, in the order of this report', headings, rows, { numbersFrom: 3 });
}

/** Where in the page a generation stands: its id, in which the platform has no other characters than these. */
export function anchorOf({ name }: Generation): string {
  return `g-${(name.split('/').at(-1) ?? '').replaceAll(/[^A-Za-z0-9-]/g, '-')}`;
}
