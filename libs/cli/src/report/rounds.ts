import type { Answer } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type Candidate,
  type Generation,
  LadderStep,
  type Round,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { bestOf, startOf } from '../generation/arms.ts';
import { stepWords } from '../generation/round-lines.ts';
import { formatCost } from '../output/format.ts';
import { candidateCard } from './candidate.ts';
import { type Html, html, type Part } from './html.ts';
import type { PictureSet } from './picture.ts';
import { questionHead, shortVerdict, verdictCell } from './verdict.ts';

/** A round as a column: its candidates, the best first, and the answers that it is compared with. */
interface Column {
  readonly round: Round;
  readonly candidates: readonly Candidate[];
  readonly start: Round | undefined;
  readonly before: ReadonlyMap<string, Answer>;
}

/** Columns that the stylesheet knows; beyond, they share the room of the last. */
export const MAX_COLUMNS = 24;

/**
 * Rounds side by side: a column for each round with its images above, a row for each question with the verdicts, what
 * changed against the image that the round started from, and what the round cost.
 */
export function roundsGrid(
  caption: string,
  rounds: readonly Round[],
  generation: Generation,
  pictures: PictureSet,
): Part {
  if (rounds.length === 0) return undefined;
  const columns = rounds.map((round) => columnOf(round, generation));
  const looks = (column: Column) => lookOf(column, generation);
  const cells = (of: (column: Column) => Part) =>
    columns.map((column) => html`<td role="cell" class="${looks(column)}">${of(column)}</td>\n`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
<table role="table" class="rounds cols-${Math.min(columns.length, MAX_COLUMNS)}">
<caption><span class="heard">${caption}</span></caption>
<thead role="rowgroup"><tr role="row"><td role="cell" class="corner"></td>
${columns.map((column) => html`<th role="columnheader" scope="col" class="${looks(column)}">${roundHead(column)}</th>\n`)}</tr></thead>
<tbody role="rowgroup">
<tr role="row" class="images">${rowHead('Images')}
${cells(({ candidates }) => html`<div class="candidates">${candidates.map((candidate, index) => candidateCard(candidate, generation, pictures, index === 0))}</div>`)}</tr>
${questions(columns).map(
  (question) => html`<tr role="row" class="question-row">${rowHead(questionHead(question))}
${cells((column) => answersCell(question.questionId, column))}</tr>
`,
)}<tr role="row" class="costs">${rowHead('Cost of the round')}
${cells(({ round }) => formatCost(round.cost))}</tr>
</tbody></table></div>
`;
}

function rowHead(words: Part): Html {
  return html`<th role="rowheader" scope="row" class="question"><div>${words}</div></th>`;
}

function columnOf(round: Round, generation: Generation): Column {
  const best = bestOf([round]);
  const start = startOf(round, generation);
  const before = start === undefined ? undefined : bestOf([start]);
  const others = round.candidates.filter((candidate) => candidate !== best);
  return {
    round,
    candidates: best === undefined ? others : [best, ...others],
    start,
    before: new Map((before?.answers ?? []).map((answer) => [answer.questionId, answer])),
  };
}

/** Every question that was asked of any image, in the order in which they first came. */
function questions(columns: readonly Column[]): Answer[] {
  const all = columns.flatMap(({ candidates }) => candidates.flatMap(({ answers }) => answers));
  return [...new Map(all.toReversed().map((answer) => [answer.questionId, answer])).values()].toReversed();
}

function roundHead({ round, start }: Column): Html {
  const notes = [
    stepWords(round.step),
    start === undefined ? '' : `from round ${start.number}`,
    round.model.replace('models/', ''),
    round.step === LadderStep.CONTROL || round.accepted
      ? ''
      : 'does not count: something that passed was lost',
  ];
  return html`<span class="round-name">Round ${round.number}</span>
<span class="note">${notes.filter(Boolean).join(' · ')}</span>`;
}

/** The verdicts on one question: the best image's in full, the others' in short. */
function answersCell(id: string, { candidates, before }: Column): Part {
  const given = candidates.map((candidate) => ({
    index: candidate.index,
    answer: candidate.answers.find(({ questionId }) => questionId === id),
  }));
  const [best, ...others] = given;
  return html`${best?.answer === undefined ? html`<span class="note">not asked</span>` : verdictCell(best.answer, before.get(id))}
${
  others.some(({ answer }) => answer !== undefined) &&
  html`<ul class="others">${others.map(
    ({ index, answer }) =>
      answer !== undefined && html`<li>candidate ${index + 1}: ${shortVerdict(answer)}</li>`,
  )}</ul>`
}`;
}

/** Whether a result is of this round, and whether it passed. */
function lookOf({ round }: Column, { results }: Generation): string {
  const own = results.filter((result) => result.round === round.number);
  if (own.length === 0) return '';
  return own.some(({ approved }) => approved) ? 'result approved' : 'result';
}
