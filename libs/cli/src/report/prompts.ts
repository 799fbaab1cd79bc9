import { type Generation, LadderStep, type Round } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { startOf } from '../generation/arms.ts';
import { stepWords } from '../generation/round-lines.ts';
import { html, type Part } from './html.ts';
import { heading } from './parts.ts';
import { diffHtml, promptDiff } from './prompt-diff.ts';
import { requestFoldOut } from './receipt.ts';

/** The prompts: each with what changed against the round that it started from, why, and what left for the provider. */
export function promptsPart(rounds: readonly Round[], generation: Generation, level: number): Part {
  return rounds.map((round) => promptCard(round, startOf(round, generation), level));
}

function promptCard(round: Round, start: Round | undefined, level: number): Part {
  const { prompt, rationale, editedImage, step } = round;
  const from = start === undefined ? '' : `from round ${start.number}`;
  const title = [`Round ${round.number}`, stepWords(step), from].filter(Boolean).join(' · ');
  // What an edit is told is no description of the picture, so that nothing changed in one.
  const compared = step === LadderStep.EDIT ? undefined : start;
  return html`<article class="prompt-card">
${heading(level, title)}
${rationale !== '' && html`<p class="rationale said"><strong>Why:</strong> ${rationale}</p>\n`}${
  editedImage !== '' && html`<p class="note">What was edited: ${editedImage}</p>\n`
}${prompt === undefined ? html`<p class="note">It has no prompt yet.</p>` : promptTexts(prompt, compared)}
${prompt?.writer && html`<p class="note">Written by ${prompt.writer}</p>\n`}${requestFoldOut(round)}</article>
`;
}

function promptTexts({ text, negativePrompt }: Prompt, start: Round | undefined): Part {
  const before = start?.prompt;
  const hasNegative = negativePrompt !== '' || (before !== undefined && before.negativePrompt !== '');
  return html`${textLines('Prompt', text, before?.text, start)}${
    hasNegative && textLines('Without', negativePrompt, before?.negativePrompt, start)
  }`;
}

/** A text with what changed in it; unchanged, it says so. */
function textLines(label: string, text: string, before: string | undefined, start: Round | undefined): Part {
  const isSame = before === text && start !== undefined;
  const words = before === undefined || isSame ? text : diffHtml(promptDiff(before, text));
  return html`<p class="prompt said"><span class="label">${label}</span> ${words}</p>
${isSame && html`<p class="note">The same words as in round ${start.number}.</p>\n`}`;
}

/** How changes in a prompt are marked. */
export const diffLegend: Part = html`<p class="note">Marked against the round that it started from: <ins>put in</ins>, <del>taken out</del>.</p>
`;
