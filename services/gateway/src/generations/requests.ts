import { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { EvaluateImageRequestSchema } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { GenerationRequest } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import {
  type GenerateImagesRequestSchema,
  type ImageRequest,
  ImageRequestSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { CyclePlan } from '../cycle/plan.ts';
import type { GenerateStep, JudgeStep } from '../cycle/steps.ts';
import type { CycleWork, ModelTarget } from './cycle-work.ts';
import { withInitImage, withNegativePrompt } from './layers.ts';
import { seedFor } from './models.ts';

/** Longest brief that judges are shown, by the contract. In characters. */
export const MAX_BRIEF = 8192;

/** What is known of a model of the plan. */
export function targetFor(work: CycleWork, model: string): ModelTarget {
  const target = work.targets[model];
  if (target === undefined) throw new Error(`${model} is not among the models of the plan`);
  return target;
}

/** What the adapter is asked for: images of a prompt, or an edit of an image by an instruction. */
export function imageRequest(
  work: CycleWork,
  model: string,
  prompt: Prompt,
  editedImage?: string | undefined,
): ImageRequest {
  const { target } = targetFor(work, model);
  const layers = withNegativePrompt(work.layers, prompt, target.negativePrompt);
  return create(ImageRequestSchema, {
    model,
    task: editedImage === undefined ? work.task : Task.EDIT,
    prompt: prompt.text,
    layers: editedImage === undefined ? layers : withInitImage(layers, editedImage),
    onUnsupported: work.onUnsupported,
    allowExperimental: work.allowExperimental,
  });
}

/** The request that has the candidates of a step made. */
export function generateRequest(
  work: CycleWork,
  name: string,
  request: GenerationRequest,
  step: GenerateStep,
): MessageInitShape<typeof GenerateImagesRequestSchema> {
  const target = targetFor(work, step.model);
  return {
    request: imageRequest(work, step.model, step.prompt, step.editedImage),
    candidates: step.candidates.map(({ key, index, seed }) => {
      const isGiven = work.seedGiven && step.round === 0 && index === 0;
      const sent = seedFor(target, seed, isGiven);
      return sent === undefined ? { key } : { key, seed: sent };
    }),
    lineage: {
      project: request.project,
      generation: name,
      subjectId: request.subjectId,
      labels: request.labels,
      round: step.round,
    },
  };
}

/** The request that has a candidate looked at. The judge that is held out takes no part in the cycle's own looks. */
export function evaluateRequest(
  work: CycleWork,
  plan: CyclePlan,
  { candidate, look }: JudgeStep,
): MessageInitShape<typeof EvaluateImageRequestSchema> {
  const { heldOutJudge, heldOutPanel, earlyExit = false, confirmMargin = 0 } = plan;
  const judges = heldOutJudge === undefined ? [] : [heldOutJudge];
  return {
    image: candidate.result.image.name,
    rubric: work.rubric,
    questions: [...work.questions],
    ...(work.rendered.variables !== undefined && { variables: work.rendered.variables }),
    referenceImages: [...work.references],
    brief: work.briefText.slice(0, MAX_BRIEF),
    stopAtFirstFailure: earlyExit,
    ...(look === 'held-out' ? { judges: [...(heldOutPanel ?? judges)] } : { withoutJudges: judges }),
    ...(look === 'second' && {
      secondLook: { answers: [...(candidate.judgement?.answers ?? [])], margin: confirmMargin },
    }),
  };
}
