import type { Candidate, Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  CandidateState,
  FailureClassSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { scoreWords } from '../generation/arm-words.ts';
import { cycleRounds, imagesOf } from '../generation/arms.ts';
import { enumWord, formatCost } from '../output/format.ts';
import { type Html, html, type Part } from './html.ts';
import { list } from './parts.ts';
import { type PictureSet, pictureHtml } from './picture.ts';
import { rankWords, subjectWords } from './words.ts';

/** A candidate: its image, its place among all, seed and score, or why there is no image. */
export function candidateCard(
  candidate: Candidate,
  generation: Generation,
  pictures: PictureSet,
  isBest: boolean,
): Html {
  const { round, index, image, seed, score, mismatches, failure, cost } = candidate;
  const isResult = generation.results.some((result) => result.round === round && result.index === index);
  const alt = `Round ${round}, candidate ${index + 1}: ${subjectWords(generation)}`;
  const rank = image === undefined ? '' : rankWords(candidate, imagesOf(cycleRounds(generation)));
  const notes = [
    rank,
    seed === undefined ? '' : `seed ${seed}`,
    image === undefined ? '' : `${image.width} × ${image.height}`,
    cost === undefined ? '' : formatCost(cost),
  ];
  return html`<figure class="candidate${isBest && ' best'}">
${image === undefined ? html`<p class="no-picture">${missingWords(candidate)}</p>` : pictureHtml(image.name, alt, pictures, image)}
<figcaption>${isResult && html`<span class="badge result-badge"><span aria-hidden="true">★</span> result</span> `}<strong>Candidate ${index + 1}</strong> <span class="note">${notes.filter(Boolean).join(' · ')}</span>
${image !== undefined && html`<span class="score">${scoreWords(score)}</span>`}${
  image !== undefined && failure !== undefined && html`<span class="note said">${failure.message}</span>`
}${list(
  mismatches.map(({ field, asked, got }) => `${field}: ${asked} was asked, ${got} came`),
  'warnings',
)}</figcaption></figure>
`;
}

/** Why there is no image. */
function missingWords({ state, refusal, failure }: Candidate): Part {
  if (state === CandidateState.REFUSED) {
    const categories = (refusal?.categories ?? []).join(', ');
    return html`Refused by the provider. <span class="said">${[refusal?.message, categories].filter(Boolean).join(' · ')}</span>`;
  }
  if (state === CandidateState.CANCELLED) return 'Cancelled before there was an image.';
  const kind = failure === undefined ? '' : `${enumWord(FailureClassSchema, failure.class)}: `;
  return html`No image. <span class="said">${kind}${failure?.message ?? ''}</span>`;
}
