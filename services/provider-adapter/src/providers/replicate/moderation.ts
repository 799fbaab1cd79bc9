import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Produced } from '../provider.ts';

/** A refusal of one image. */
export type RefusedImage = Extract<Produced, { kind: 'refusal' }>;

/** How the texts of failed predictions tell a refusal: Replicate has no code for it, and every model its own words. */
const FORMS: readonly { readonly text: RegExp; readonly category: string; readonly stage?: RefusalStage }[] =
  [
    { text: /\brequest moderated\b/i, category: 'moderation', stage: RefusalStage.INPUT },
    { text: /\bcontent moderated\b/i, category: 'moderation', stage: RefusalStage.OUTPUT },
    { text: /\bnsfw\b/i, category: 'nsfw', stage: RefusalStage.OUTPUT },
    { text: /flagged as (potentially )?sensitive|\(E005\)/i, category: 'sensitive' },
    {
      text: /content (policy|moderation|filter)|safety (system|filter|checker|polic|guideline)|moderation[_ ]blocked|prohibited content/i,
      category: 'moderation',
    },
  ];

/** The refusal that a failed prediction's text tells; undefined for a failure of another kind. */
export function refusalIn(text: string): RefusedImage | undefined {
  const form = FORMS.find((each) => each.text.test(text));
  return form === undefined ? undefined : refused(form.category, form.stage ?? stageOf(text));
}

/** An image that the model's own checker left out or blackened. */
export function leftOut(): RefusedImage {
  return refused('nsfw', RefusalStage.OUTPUT);
}

/** By the part of the job that the text speaks of; where it speaks of both, nobody knows. */
function stageOf(text: string): RefusalStage {
  const isInput = /\b(input|prompt|request)\b/i.test(text);
  const isOutput = /\b(output|generated|result)\b/i.test(text);
  if (isInput === isOutput) return RefusalStage.UNSPECIFIED;
  return isInput ? RefusalStage.INPUT : RefusalStage.OUTPUT;
}

function refused(category: string, stage: RefusalStage): RefusedImage {
  // What the provider says may quote the prompt.
  const message =
    stage === RefusalStage.OUTPUT
      ? 'The provider’s checker refused the image.'
      : 'The provider’s moderation refused the request.';
  return { kind: 'refusal', refusal: { stage, categories: [category], message } };
}
