import {
  type Generation,
  ReviewDecision,
  ReviewDecisionSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { cycleRounds, imagesOf } from '../generation/arms.ts';
import { whyWords } from '../generation/why.ts';
import { enumWord, formatCost, formatElapsed, formatTime, plural } from '../output/format.ts';
import { answersPart } from './answers.ts';
import { askedPart } from './asked.ts';
import { besidePart } from './beside.ts';
import { costTable } from './cost.ts';
import { type Html, html, type Part, webLink } from './html.ts';
import { badge, facts, list, section } from './parts.ts';
import type { PictureSet } from './picture.ts';
import { diffLegend, promptsPart } from './prompts.ts';
import { roundsGrid } from './rounds.ts';
import { versionsPart } from './versions.ts';
import { outcomeWords } from './words.ts';

/** A generation from its outcome to its versions. Its sections have headings of the given level. */
export function generationPart(generation: Generation, pictures: PictureSet, level: number): Html {
  const rounds = cycleRounds(generation);
  return html`${outcomePart(generation)}
${section(level, 'What was asked', askedPart(generation, pictures))}
${section(level, 'Rounds side by side', roundsGrid('Rounds side by side', rounds, generation, pictures))}
${section(level, 'Prompts', rounds.length > 0 && html`${rounds.length > 1 && diffLegend}${promptsPart(rounds, generation, level + 1)}`)}
${besidePart(generation, pictures, level)}
${section(level, 'Cost', costTable(generation))}
${section(level, 'Who answered', answersPart(generation))}
${section(level, 'Versions that took part', versionsPart(generation))}`;
}

function outcomePart(generation: Generation): Html {
  const { warnings, message, refusal, cost, startTime, endTime, createTime, request, model } = generation;
  const rounds = cycleRounds(generation);
  const why = whyWords(generation);
  return html`<div class="outcome ${outcomeWords(generation).tone}">
<p class="outcome-line">${badge(outcomeWords(generation))} <span class="said">${why.includes(message) ? why : message}</span></p>
${!why.includes(message) && html`<p class="said">${why}</p>`}
${refusal !== undefined && html`<p class="said"><strong>The provider:</strong> ${[refusal.message, ...refusal.categories].filter(Boolean).join(' · ')}</p>\n`}${reviewPart(generation)}${list(
  warnings.map((warning) => html`<span class="said">${warning}</span>`),
  'warnings',
)}</div>
${facts([
  ['Project', request?.project],
  ['Model', model],
  ['Rounds', String(rounds.length)],
  ['Images', plural(imagesOf(rounds), 'image')],
  ['Cost', formatCost(cost)],
  ['Took', formatElapsed(startTime, endTime)],
  ['Asked', formatTime(createTime)],
  ['Results', resultLinks(generation)],
])}`;
}

/** Stable addresses of the results, where the platform gave some. */
function resultLinks({ results }: Generation): Part {
  const links = results.filter(({ stableUrl }) => stableUrl !== '');
  return (
    links.length > 0 &&
    links.map(
      ({ stableUrl, image }, index) =>
        html`${index > 0 && ', '}${webLink(stableUrl, image?.name ?? stableUrl)}`,
    )
  );
}

function reviewPart({ review }: Generation): Part {
  if (review === undefined || review.decision === ReviewDecision.UNSPECIFIED) return undefined;
  const { decision, reviewer, reasons, comment, createTime } = review;
  const words = enumWord(ReviewDecisionSchema, decision);
  return html`<p class="said"><strong>A person's decision:</strong> ${words} by ${reviewer}${createTime !== undefined && `, ${formatTime(createTime)}`}. ${[...reasons, comment].filter(Boolean).join(' · ')}</p>
`;
}
