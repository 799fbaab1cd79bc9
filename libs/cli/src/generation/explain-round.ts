import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type Generation, LadderStep, type Round } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { formatCost } from '../output/format.ts';
import { labelled, plain } from '../output/text.ts';
import { bestOf, startOf } from './arms.ts';
import { changedIds } from './changes.ts';
import { type CostParts, roundParts } from './costs.ts';
import type { ExplainOptions } from './explain-options.ts';
import { candidateLines, promptLines, roundTitle, verdictLines } from './round-lines.ts';
import { candidateDetail, roundDetail } from './verbose-lines.ts';

/** A round: what changed, the prompt, each image with its verdicts, what it brought and what it cost. */
export function roundLines(round: Round, generation: Generation, options: ExplainOptions): string[] {
  const { style, width, verbose } = options;
  return [
    '',
    roundTitle(round, style),
    ...(round.rationale === '' ? [] : labelled('changed', plain(round.rationale), width)),
    ...(round.editedImage === '' ? [] : labelled('edited', round.editedImage, width)),
    ...promptLines(round.prompt, round.receipt, width),
    ...(verbose ? roundDetail(round, width) : []),
    ...round.candidates.flatMap((candidate) => [
      ...(round.candidates.length > 1 ? [style.dim(`  candidate ${candidate.index + 1}`)] : []),
      ...candidateLines(candidate, width),
      ...(verbose ? candidateDetail(candidate, width) : []),
      ...(candidate.answers.length === 0 ? [] : verdictLines(candidate, style, width, verbose)),
    ]),
    ...effectLines(round, generation, width),
    ...(round.cost === undefined ? [] : labelled('cost', costWords(round.cost, roundParts(round)), width)),
  ];
}

/** An amount, and what of it went to images, prompts and judging, where that is told apart. */
function costWords(cost: Cost | undefined, parts: CostParts | undefined): string {
  return parts === undefined ? formatCost(cost) : `${formatCost(cost)} (${partWords(parts)})`;
}

/** What went to images, prompts and judging. */
export function partWords({ image, prompt, judging }: CostParts): string {
  return `images ${formatCost(image)}, prompts ${formatCost(prompt)}, judging ${formatCost(judging)}`;
}

/** What the change brought, against the image that the round started from. */
function effectLines(round: Round, generation: Generation, width: number): string[] {
  if (round.step === LadderStep.CONTROL) return [];
  const start = startOf(round, generation);
  const before = start === undefined ? undefined : bestOf([start]);
  const now = bestOf([round]);
  if (before === undefined || now === undefined || before.answers.length === 0 || now.answers.length === 0)
    return [];
  const words = (['mended', 'broke', 'changed'] as const).flatMap((change) => {
    const ids = changedIds(change, now.answers, before.answers);
    return ids.length === 0 ? [] : `${change} ${ids.join(', ')}`;
  });
  const verdict = round.accepted ? 'the round counts' : 'the round does not count; the best before it stays';
  return labelled('effect', `${words.join('; ') || 'no verdict changed'}: ${verdict}`, width);
}
