import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type Candidate,
  CandidateSchema,
  type Generation,
  GenerationSchema,
  GenerationState,
  type GenerationVersions,
  GenerationVersionsSchema,
  type Result,
  ResultSchema,
  type Round,
  RoundSchema,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { totalCost } from './costs.ts';
import { fitRecord } from './fit-record.ts';
import { toControlArm, toHeldOut } from './measurements.ts';
import { bestResults } from './outcome.ts';
import { generationId } from './plan.ts';
import { notPassed, passes, ranked } from './ranking.ts';
import {
  type CandidateState,
  type CycleState,
  findCandidate,
  type ImageCandidate,
  type RoundState,
} from './state.ts';

/** The revision of the record of a generation that was accepted, and of one that ended. */
export const OPEN_REVISION = 1n;
export const FINAL_REVISION = 2n;

/** The generation as its contract tells it, small enough for one message. */
export function toGeneration(state: CycleState): Generation {
  return fitRecord(wholeGeneration(state));
}

function wholeGeneration(state: CycleState): Generation {
  const { facts, ending, startMs } = state;
  const results = bestResults(state);
  const first = results[0];
  const ranks = new Map(
    ranked(state).map(({ round, index }, position) => [`${round}/${index}`, position + 1]),
  );
  return create(GenerationSchema, {
    name: facts.name,
    team: facts.team,
    request: facts.request,
    state: generationState(state),
    ...(ending !== undefined && {
      outcome: ending.outcome,
      stopReason: ending.reason,
      message: ending.message,
      endTime: timestampFromMs(ending.timeMs),
    }),
    results: results.map((result) => toResult(result, facts.publicUrl)),
    failedQuestions: first === undefined ? [] : notPassed(first),
    warnings: [...state.warnings, ...countWarning(state, results.length)],
    rounds: state.rounds.map((round) => toRound(state, round, ranks)),
    cost: totalCost(state.usage.map(({ usage }) => usage)),
    usage: state.usage.map(({ usage }) => usage),
    versions: versions(state),
    effectivePolicy: facts.policy,
    createTime: timestampFromMs(state.createMs),
    ...(startMs !== undefined && { startTime: timestampFromMs(startMs) }),
    lastEventNumber: BigInt(state.eventNumber),
    revision: ending === undefined ? OPEN_REVISION : FINAL_REVISION,
    ...refusal(state),
    model: state.rounds[0]?.model ?? state.plan.models[0] ?? '',
    ...toHeldOut(state),
    ...toControlArm(state),
  });
}

function generationState(state: CycleState): GenerationState {
  if (state.ending !== undefined) return GenerationState.ENDED;
  return state.startMs === undefined ? GenerationState.PENDING : GenerationState.RUNNING;
}

function countWarning(state: CycleState, results: number): string[] {
  const { count } = state.plan;
  if (state.ending === undefined || results === 0 || results >= count) return [];
  return [`${results} of ${count} images could be made.`];
}

function refusal(state: CycleState) {
  if (state.ending?.reason !== StopReason.REFUSED) return {};
  const found = state.rounds.at(-1)?.candidates.find(({ result }) => result?.refusal !== undefined);
  return found?.result?.refusal === undefined ? {} : { refusal: found.result.refusal };
}

function toResult(candidate: ImageCandidate, publicUrl: string): Result {
  const { image } = candidate.result;
  const score = candidate.judgement?.score;
  return create(ResultSchema, {
    image,
    approved: passes(candidate),
    round: candidate.round,
    index: candidate.index,
    ...(score !== undefined && { score }),
    stableUrl: publicUrl === '' ? '' : `${publicUrl}/images/${generationId(image.name)}`,
    failedQuestionIds: notPassed(candidate).map((answer) => answer.questionId),
  });
}

function toRound(state: CycleState, round: RoundState, ranks: ReadonlyMap<string, number>): Round {
  const of = (prefix: string) => usageOf(state, prefix);
  const used = [
    ...of(`prompt/${round.number}/`),
    ...of(`image/${round.number}/`),
    ...of(`judge/${round.number}/`),
  ];
  const editedImage = findCandidate(state, round.edits)?.result.image.name ?? '';
  return create(RoundSchema, {
    number: round.number,
    prompt: round.prompt,
    model: round.model,
    ...(round.receipt !== undefined && { receipt: round.receipt }),
    candidates: round.candidates
      .filter(({ result }) => result !== undefined)
      .map((candidate) => {
        const id = `${round.number}/${candidate.index}`;
        const usage = [...of(`image/${id}/`), ...of(`judge/${id}/`)];
        return create(CandidateSchema, {
          ...toCandidate(candidate, ranks.get(id) ?? 0),
          usage,
          cost: totalCost(usage),
        });
      }),
    step: round.step,
    rationale: round.rationale,
    accepted: round.accepted,
    nativeRequests: [...round.nativeRequests],
    startTime: timestampFromMs(round.startMs),
    ...(round.endMs !== undefined && { endTime: timestampFromMs(round.endMs) }),
    cost: totalCost(used),
    promptUsage: of(`prompt/${round.number}/`),
    editedImage,
  });
}

/** Usage of the steps whose names, closed by a slash, begin with the prefix. */
function usageOf(state: CycleState, prefix: string): Usage[] {
  return state.usage.filter(({ step }) => `${step}/`.startsWith(prefix)).map(({ usage }) => usage);
}

/** A candidate as the contract tells it. */
export function toCandidate(
  { round, index, seed, result, judgement }: CandidateState,
  rank: number,
): Candidate {
  const judgeFailure = judgement?.failure ?? '';
  return create(CandidateSchema, {
    round,
    index,
    ...(result !== undefined && {
      state: result.state,
      ...(result.image !== undefined && { image: result.image }),
      ...(result.refusal !== undefined && { refusal: result.refusal }),
      ...(result.failure !== undefined && { failure: result.failure }),
      mismatches: result.mismatches,
      providerJobId: result.providerJobId,
    }),
    ...(judgeFailure !== '' && {
      failure: { class: FailureClass.INTERNAL, message: `It could not be judged: ${judgeFailure}` },
    }),
    answers: [...(judgement?.answers ?? [])],
    ...(judgement?.score !== undefined && { score: judgement.score }),
    seed: result?.seed ?? BigInt(seed),
    rank,
  });
}

/** Every version that took part, none twice, in the order in which it did. */
function versions(state: CycleState): GenerationVersions {
  const { facts, rounds, usage } = state;
  const candidates = rounds.flatMap((round) => round.candidates);
  const judges = [...candidates.map(({ judgement }) => judgement), ...(state.after?.heldOut ?? [])]
    .flatMap((judgement) => judgement?.answers ?? [])
    .flatMap((answer) => answer.judgeAnswers.map(({ judge }) => judge));
  const receipts = rounds.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]));
  const prices = usage
    .filter(({ usage: { priceVersion } }) => priceVersion !== '')
    .map(({ usage: { model, priceVersion } }) => `${model}@${priceVersion}`);
  return create(GenerationVersionsSchema, {
    projectRevision: facts.projectRevision,
    templateVersion: facts.templateVersion,
    rubricVersion: facts.rubricVersion,
    judges: distinct(judges),
    writers: distinct(rounds.map(({ prompt }) => prompt.writer)),
    models: distinct(receipts.map(({ model, modelRevision }) => `${model}@${modelRevision}`)),
    prices: distinct(prices),
    platform: facts.platformVersion,
    organisationRevision: facts.organisationRevision ?? 0n,
  });
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}
