import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type Generation,
  type GenerationEvent,
  GenerationEventSchema,
  type GenerationRequest,
  GenerationSchema,
  GenerationState,
  LadderStep,
  Outcome,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { CandidateState } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { FieldDisposition } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';

/** Two rounds: the first fails one question, the second passes, unless the label `outcome` asks for the other end. */
export interface Script {
  readonly name: string;
  readonly request: GenerationRequest;
  readonly image: ImageRef;
}

const start = new Date('2026-11-01T12:00:00Z');
const cost = (microUsd: bigint) => ({ microUsd, basis: CostBasis.ACTUAL });

function question(id: string, verdict: Verdict, critique = '') {
  return {
    questionId: id,
    text: `Is ${id} right?`,
    required: true,
    verdict,
    critique,
    pExpected: verdict === Verdict.PASS ? 0.97 : 0.03,
  };
}

function candidate(round: number, passes: boolean, image: ImageRef) {
  const count = passes
    ? question('count', Verdict.PASS)
    : question('count', Verdict.FAIL, '5 objects are there; 3 were asked.');
  return {
    round,
    index: 0,
    state: CandidateState.SUCCEEDED,
    image,
    seed: 7n,
    rank: passes ? 1 : 2,
    answers: [question('ground', Verdict.PASS), count],
    score: { allRequiredPass: passes, requiredPasses: passes ? 2 : 1, requiredTotal: 2 },
  };
}

const receipt = {
  model: 'models/studio-draft',
  fields: [
    {
      field: 'size',
      disposition: FieldDisposition.CLAMPED,
      asked: { kind: { case: 'stringValue' as const, value: '768x768' } },
      sent: { kind: { case: 'stringValue' as const, value: '512x512' } },
      reason: 'the model makes squares of 512',
    },
  ],
};

/** The generation at its end. */
export function endedGeneration({ name, request, image }: Script): Generation {
  const outcome = request.labels.outcome === 'exhausted' ? Outcome.EXHAUSTED : Outcome.APPROVED;
  const isApproved = outcome === Outcome.APPROVED;
  const rounds = [0, 1].map((number) => ({
    number,
    model: request.model || 'models/studio-draft',
    prompt: { text: number === 0 ? '3 red apples' : 'exactly 3 red apples, apart from each other' },
    receipt,
    step: number === 0 ? LadderStep.UNSPECIFIED : LadderStep.REWRITE,
    rationale: number === 0 ? '' : 'Asks for the exact number.',
    accepted: true,
    candidates: [candidate(number, isApproved && number === 1, image)],
    cost: cost(2_000n),
  }));
  return create(GenerationSchema, {
    name,
    team: 'teams/local',
    request,
    state: GenerationState.ENDED,
    outcome,
    stopReason: isApproved ? StopReason.ENOUGH_PASS : StopReason.MAX_ROUNDS,
    message: isApproved ? 'Approved in round 1.' : 'The count is still wrong.',
    results: [
      {
        image,
        approved: isApproved,
        round: 1,
        stableUrl: `http://gateway.test/${image.name}`,
        failedQuestionIds: isApproved ? [] : ['count'],
      },
    ],
    failedQuestions: isApproved
      ? []
      : [question('count', Verdict.FAIL, '5 objects are there; 3 were asked.')],
    rounds,
    cost: cost(4_000n),
    createTime: timestampFromDate(start),
    startTime: timestampFromDate(start),
    endTime: timestampFromDate(new Date(start.getTime() + 2_500)),
    model: request.model || 'models/studio-draft',
    lastEventNumber: 11n,
  });
}

/** Every event of the generation, numbered from 1, with progress between them. */
export function generationEvents(script: Script): GenerationEvent[] {
  const ended = endedGeneration(script);
  const { name, request } = script;
  const accepted = create(GenerationSchema, {
    name,
    request,
    state: GenerationState.PENDING,
    effectivePolicy: { maxRounds: 3 },
  });
  const steps: MessageInitShape<typeof GenerationEventSchema>['event'][] = [
    { case: 'accepted', value: { generation: accepted } },
  ];
  for (const round of ended.rounds) {
    const { number, model, step, prompt, rationale } = round;
    const [first] = round.candidates;
    const value = { round: number, ...(prompt !== undefined && { prompt }) };
    if (number > 0) steps.push({ case: 'promptRefined', value: { ...value, rationale } });
    steps.push({ case: 'roundStarted', value: { round: number, model, candidates: 1, step } });
    steps.push({ case: 'promptReady', value: { ...value, receipt } });
    steps.push({ case: 'progress', value: { round: number, index: 0, phase: 'running', fraction: 0.5 } });
    if (first === undefined) continue;
    steps.push({ case: 'candidateReady', value: { candidate: { ...first, answers: [] } } });
    steps.push({ case: 'candidateJudged', value: { candidate: first } });
  }
  steps.push({ case: 'finished', value: { generation: ended } });
  let number = 0n;
  return steps.map((event) => {
    if (event?.case !== 'progress') number += 1n;
    return create(GenerationEventSchema, {
      number: event?.case === 'progress' ? 0n : number,
      generation: name,
      eventTime: timestampFromDate(start),
      ...(event !== undefined && { event }),
    });
  });
}
