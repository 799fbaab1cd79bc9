import { type Cost, CostBasis, CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type ModelPreview,
  ModelPreviewSchema,
  type PreviewGenerationRequest,
  type PreviewGenerationResponse,
  PreviewGenerationResponseSchema,
  type PreviewProblemSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import { type CallContext, invalidArgument, isRpcError, type RpcError } from '@atelier/rpc';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { looksBound, roundBound } from '../cycle/costs.ts';
import { type CyclePlan, MAX_CANDIDATES } from '../cycle/plan.ts';
import type { EngineDeps, EngineSettings } from './ports.ts';
import { type Resolved, requirePriced, resolve, translateFirst } from './resolve.ts';

/** Reasons that speak of one model and not of the request. */
const MODEL_REASONS: ReadonlySet<string> = new Set([
  'MODEL_NOT_ALLOWED',
  'MODEL_UNAVAILABLE',
  'UNSUPPORTED_PARAMETER',
  'CONTRADICTORY_FIELDS',
  'PRICE_UNKNOWN',
  'PROVIDER_AUTH',
]);

interface Shown {
  readonly preview: ModelPreview;
  readonly resolved: Resolved | undefined;
}

/**
 * A dry run: nothing is written or spent. What one model refuses is told in its part of the answer; what is wrong with the
 * request itself is an error of the call.
 */
export async function previewGeneration(
  deps: EngineDeps,
  settings: EngineSettings,
  { generation, models }: PreviewGenerationRequest,
  ctx: CallContext,
): Promise<PreviewGenerationResponse> {
  if (generation === undefined) throw invalidArgument('generation', 'is required');
  const asked = models.length > 0 ? [...new Set(models)] : [undefined];
  const shown = await Promise.all(
    asked.map(async (model): Promise<Shown> => {
      let resolved: Resolved | undefined;
      try {
        const options = { deps, settings, name: '', ...(model !== undefined && { model }) };
        resolved = await resolve(generation, ctx, options);
        return { resolved, preview: await showModel(deps, resolved, ctx) };
      } catch (error) {
        if (!isRpcError(error) || !isOfModel(error)) throw error;
        const name = model ?? resolved?.plan.models[0] ?? generation.model;
        return { resolved, preview: refused(name, resolved, error) };
      }
    }),
  );
  const first = shown.find(({ resolved }) => resolved !== undefined)?.resolved;
  return create(PreviewGenerationResponseSchema, {
    models: shown.map(({ preview }) => preview),
    ...(first !== undefined && {
      effectivePolicy: first.policy,
      questions: [...first.questions],
      versions: versionsOf(first, shown),
    }),
  });
}

async function showModel(deps: EngineDeps, resolved: Resolved, ctx: CallContext): Promise<ModelPreview> {
  const { receipt, nativeRequests, estimate } = await translateFirst(deps.clients, resolved, ctx);
  const { prompt } = resolved.work.rendered;
  requirePriced(resolved.plan, estimate);
  return create(ModelPreviewSchema, {
    model: resolved.plan.models[0] ?? '',
    nativeRequests,
    warnings: warningsOf(resolved),
    ...(receipt !== undefined && { receipt }),
    ...(prompt !== undefined && { prompt }),
    ...(resolved.plan.promptEstimate !== undefined && { promptEstimate: resolved.plan.promptEstimate }),
    ...(resolved.plan.judgeEstimate !== undefined && { judgeEstimate: resolved.plan.judgeEstimate }),
    ...(estimate !== undefined && {
      roundEstimate: firstRoundEstimate(resolved.plan, estimate),
      totalEstimate: totalEstimate(resolved.plan, estimate),
    }),
  });
}

function refused(model: string, resolved: Resolved | undefined, error: RpcError): ModelPreview {
  const { reason, message, fieldViolations } = error;
  const problems: MessageInitShape<typeof PreviewProblemSchema>[] =
    fieldViolations.length === 0
      ? [{ field: 'generation.model', reason, description: message }]
      : fieldViolations.map(({ field, description }) => ({ field, reason, description }));
  const prompt = resolved?.work.rendered.prompt;
  return create(ModelPreviewSchema, {
    model,
    problems,
    warnings: warningsOf(resolved),
    ...(prompt !== undefined && { prompt }),
  });
}

/** What was noticed of the request and of its prompt as it is shown; the receipt's own are in the receipt. */
function warningsOf(resolved: Resolved | undefined): string[] {
  if (resolved === undefined) return [];
  return [...new Set([...resolved.facts.warnings, ...resolved.work.rendered.warnings])];
}

/** Whether the error is one model's. A contradiction within the policy is the request's own. */
function isOfModel({ reason, fieldViolations }: RpcError): boolean {
  return (
    MODEL_REASONS.has(reason) && !fieldViolations.some(({ field }) => field.startsWith('generation.policy'))
  );
}

/** Upper bound of the first round: its prompt, its images, and the looks at them. Unknown where any of it has no price. */
export function firstRoundEstimate(plan: CyclePlan, images: Cost): Cost {
  return withPrompts(plan, images, roundBound(plan, images, plan.candidatesPerRound), 1);
}

/**
 * Upper bound of all rounds, with their prompts and the looks at their images: from the third on a round may have twice the
 * candidates, when the ladder says so; a control arm makes as many again, and a held-out judge looks at two images. An edit
 * is taken to cost what making an image does. A cap that the caller set bounds it as well. Unknown where any of it has no price.
 */
export function totalEstimate(plan: CyclePlan, round: Cost): Cost {
  const { candidatesPerRound, maxRounds, maxCostMicroUsd: cap, controlArm } = plan;
  const rounds = plan.judged ? maxRounds : 1;
  const large = plan.refine ? Math.max(0, rounds - 2) : 0;
  const most = Math.min(candidatesPerRound * 2, MAX_CANDIDATES);
  const inCycle = (rounds - large) * candidatesPerRound + large * most;
  const candidates = controlArm === true ? 2 * inCycle - candidatesPerRound : inCycle;
  if (round.microUsd === undefined) return round;
  const each = BigInt(candidatesPerRound);
  const images = create(CostSchema, {
    ...round,
    microUsd: (round.microUsd * BigInt(candidates) + each - 1n) / each,
  });
  const bound = withPrompts(plan, round, heldOut(plan, roundBound(plan, images, candidates)), rounds);
  if (bound.microUsd === undefined || cap === undefined || bound.microUsd <= cap) return bound;
  return create(CostSchema, { ...bound, microUsd: cap });
}

/** With so many prompts added, of the basis that the images have. */
function withPrompts(
  { promptEstimate }: CyclePlan,
  images: Cost,
  bound: Cost | undefined,
  rounds: number,
): Cost {
  const prompts = promptEstimate === undefined ? 0n : promptEstimate.microUsd;
  if (bound?.microUsd === undefined || prompts === undefined) {
    return create(CostSchema, { basis: CostBasis.UNKNOWN });
  }
  return create(CostSchema, { ...images, microUsd: bound.microUsd + prompts * BigInt(rounds) });
}

/** With what the held-out judge is asked once it is over, about the best image of round 0 and the first result. */
function heldOut(
  { judged, heldOutPanel, heldOutEstimate }: CyclePlan,
  bound: Cost | undefined,
): Cost | undefined {
  if (!judged || heldOutPanel === undefined || heldOutEstimate === undefined) return bound;
  const looks = looksBound(heldOutEstimate, 2)?.microUsd;
  if (bound?.microUsd === undefined || looks === undefined) return undefined;
  return create(CostSchema, { ...bound, microUsd: bound.microUsd + looks });
}

function versionsOf({ facts }: Resolved, shown: readonly Shown[]) {
  const receipts = shown.flatMap(({ preview }) => (preview.receipt === undefined ? [] : [preview.receipt]));
  return {
    projectRevision: facts.projectRevision,
    templateVersion: facts.templateVersion,
    rubricVersion: facts.rubricVersion,
    models: receipts.map(({ model, modelRevision }) => `${model}@${modelRevision}`),
    platform: facts.platformVersion,
    organisationRevision: facts.organisationRevision ?? 0n,
  };
}
