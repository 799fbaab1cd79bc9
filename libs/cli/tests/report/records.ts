import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { CostBasis, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ReferenceRole } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { ProbabilitySource, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer, FaultScope } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import {
  type Generation,
  GenerationSchema,
  GenerationState,
  LadderStep,
  Outcome,
  ReviewDecision,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';

const rubric = 'rubrics/tiles/versions/3';
const judge = 'qwen@qwen3-vl-8b/answer@1-3fa9c2d1';
const heldOutJudge = 'gemini@gemini-pro/answer@1-3fa9c2d1';
const start = new Date('2026-11-01T12:00:00Z');

const actual = (microUsd: bigint) => ({ microUsd, basis: CostBasis.ACTUAL });
const usage = (kind: UsageKind, model: string, microUsd: bigint | undefined) => ({
  kind,
  model,
  units: 1,
  unit: kind === UsageKind.IMAGE ? 'image' : 'output_token',
  cost: microUsd === undefined ? { basis: CostBasis.UNKNOWN } : actual(microUsd),
});

/** What an image cost to make, and to judge. */
const made = usage(UsageKind.IMAGE, 'models/studio-pro', 8_000n);
const judged = usage(UsageKind.JUDGE, `judges/${judge}`, 700n);
const refined = usage(UsageKind.REFINE, 'llms/openai:gpt-5-mini/refine@1-77ab', 300n);
const expanded = usage(UsageKind.EXPAND, 'llms/openai:gpt-5-mini/expand@1-77ab', 200n);

type Fields = Readonly<Record<string, unknown>>;

function answer(id: string, text: string, verdict: Verdict, p: number | undefined, more: Fields = {}) {
  return {
    questionId: id,
    text,
    expectedAnswer: ExpectedAnswer.YES,
    required: true,
    weight: 1,
    category: 'subject',
    ...(p !== undefined && { pYes: p, pExpected: p }),
    verdict,
    passThreshold: 0.5,
    uncertainMargin: 0.1,
    askedBy: rubric,
    faultScope: FaultScope.GLOBAL,
    looks: 1,
    judgeAnswers: [
      {
        judge,
        ...(p !== undefined && { pYes: p }),
        verdict,
        source: ProbabilitySource.LOG_PROBABILITIES,
        asks: 1,
        critique: '',
      },
    ],
    ...more,
  };
}

const measured = (p: number, verdict: Verdict) =>
  answer('ground', 'Is the ground plain and cream?', verdict, p, {
    check: 'background_colour',
    category: 'background',
    measured: { share: p },
    judgeAnswers: [
      {
        judge: 'builtin@1',
        pYes: p,
        verdict,
        source: ProbabilitySource.MEASURED,
        asks: 1,
        measured: { share: p },
      },
    ],
  });

const counted = (seen: number) => {
  const passes = seen === 3;
  const p = passes ? 0.91 : 0.04;
  return answer('count', 'Are there exactly three lemons?', passes ? Verdict.PASS : Verdict.FAIL, p, {
    category: 'count',
    dependsOn: ['there'],
    faultScope: FaultScope.LOCAL,
    critique: passes ? '' : `${seen} lemons are there; 3 were asked.`,
    judgeAnswers: [
      {
        judge,
        pYes: p,
        verdict: passes ? Verdict.PASS : Verdict.FAIL,
        source: ProbabilitySource.REPEATED_ASKS,
        asks: 3,
        critique: `${seen} lemons.`,
      },
    ],
  });
};

/** The organisation asks; expected is no, and a twin keeps the judge honest. */
const logo = (looks: number, p: number) =>
  answer('no-logo', 'Is there a brand name or logo in the picture?', Verdict.PASS, undefined, {
    expectedAnswer: ExpectedAnswer.NO,
    askedBy: 'organisation',
    pYes: 1 - p,
    pExpected: p,
    looks,
    judgeAnswers: Array.from({ length: looks }, (_, look) => ({
      judge,
      pYes: 1 - p,
      pYesTwin: p,
      verdict: Verdict.PASS,
      source: ProbabilitySource.LOG_PROBABILITIES,
      asks: look === 0 ? 0 : 2,
      cached: look === 0,
      look,
    })),
  });

const there = answer('there', 'Are there lemons?', Verdict.PASS, 0.98);
const mood = (verdict: Verdict, p: number | undefined) =>
  answer('mood', 'Does it look like summer?', verdict, p, { required: false, weight: 0.5, askedBy: 'call' });

/** What answers come to. */
function score(passes: number, geometricMean: number) {
  const requiredTotal = 4;
  return {
    allRequiredPass: passes === requiredTotal,
    requiredPasses: passes,
    requiredTotal,
    requiredFailures: requiredTotal - passes,
    geometricMean,
    arithmeticMean: geometricMean + 0.05,
  };
}

function candidate(round: number, index: number, image: ImageRef, rank: number, more: Fields) {
  return {
    round,
    index,
    state: CandidateState.SUCCEEDED,
    image,
    seed: BigInt(100 * round + index),
    rank,
    usage: [made, judged],
    cost: actual(8_700n),
    ...more,
  };
}

const receipt = {
  model: 'models/studio-pro',
  modelRevision: 2n,
  fields: [
    {
      field: 'size',
      disposition: FieldDisposition.CLAMPED,
      asked: { kind: { case: 'stringValue' as const, value: '768x768' } },
      sent: { kind: { case: 'stringValue' as const, value: '512x512' } },
      nativeField: 'input.size',
      source: ValueSource.PROJECT,
      reason: 'the model makes squares of 512',
    },
  ],
  warnings: ['The model will be shut down in March.'],
};

const prompts = [
  'three lemons on a cream ground, flat illustration',
  'exactly three lemons, well apart, on a plain cream ground, flat illustration',
  'take one of the four lemons away',
] as const;

/** Images of the record, by where they stand in it. */
export interface RecordImages {
  /** Two of round 0, one of round 1, one of round 2, one of the control arm. */
  readonly made: readonly [ImageRef, ImageRef, ImageRef, ImageRef, ImageRef];
  readonly reference: ImageRef;
}

/** Costs as the record below adds them up, in millionths of a US dollar. */
export const COSTS = {
  rounds: [17_600n, 9_000n, 9_000n],
  control: 8_700n,
  heldOut: 1_000n,
  images: 40_000n,
  prompts: 800n,
  judging: 4_500n,
  all: 45_300n,
} as const;

/**
 * A generation with everything that a record can have: two candidates in round 0, a rewrite, an edit that is approved after a
 * second look, a question of the organisation and one of the call, a held-out judge, a control arm, a receipt, a review.
 */
export function fullRecord(name: string, images: RecordImages): Generation {
  const [first, second, third, fourth, fifth] = images.made;
  const time = (seconds: number) => timestampFromDate(new Date(start.getTime() + 1_000 * seconds));
  const round = (number: number, step: LadderStep, text: string, cost: bigint, more: Fields) => ({
    number,
    step,
    model: 'models/studio-pro',
    prompt: { text, negativePrompt: number === 1 ? 'text' : '', writer: 'openai:gpt-5-mini/expand@1-77ab' },
    receipt,
    nativeRequests: [
      {
        method: 'POST',
        url: 'https://vendor.example/v1/images',
        headers: { authorization: '…' },
        body: { prompt: text },
        images: 1,
      },
    ],
    accepted: true,
    cost: actual(cost),
    startTime: time(number * 4),
    endTime: time(number * 4 + 3),
    ...more,
  });
  const answersFirst = [
    there,
    counted(5),
    measured(0.97, Verdict.PASS),
    logo(1, 0.95),
    mood(Verdict.UNCERTAIN, 0.5),
  ];
  const answersOther = [
    there,
    counted(2),
    measured(0.3, Verdict.FAIL),
    logo(1, 0.95),
    mood(Verdict.FAIL, 0.1),
  ];
  const answersThird = [
    there,
    counted(4),
    measured(0.97, Verdict.PASS),
    logo(1, 0.9),
    mood(Verdict.PASS, 0.9),
  ];
  const answersLast = [
    there,
    counted(3),
    measured(0.97, Verdict.PASS),
    logo(2, 0.66),
    mood(Verdict.JUDGE_ERROR, undefined),
  ];
  const look = (at: number, seen: number, passes: number) => ({
    round: at,
    index: 0,
    answers: [
      answer(
        'count',
        'Are there exactly three lemons?',
        seen === 3 ? Verdict.PASS : Verdict.FAIL,
        seen === 3 ? 0.8 : 0.1,
        {
          judgeAnswers: [
            {
              judge: heldOutJudge,
              pYes: 0.8,
              verdict: Verdict.PASS,
              source: ProbabilitySource.REPEATED_ASKS,
              asks: 3,
            },
          ],
        },
      ),
    ],
    score: score(passes, passes / 4),
  });
  const heldOutUsage = [usage(UsageKind.JUDGE, `judges/${heldOutJudge}`, 1_000n)];
  return create(GenerationSchema, {
    name,
    team: 'teams/groceries',
    request: {
      project: 'projects/tiles',
      subjectId: 'SKU-4711',
      brief: { input: { case: 'variables', value: { item: 'lemons', count: 3 } }, style: { light: 'soft' } },
      parameters: {
        size: { width: 768, height: 768 },
        seed: 0n,
        referenceImages: [
          {
            source: { case: 'image', value: images.reference.name },
            role: ReferenceRole.STYLE,
            strength: 0.4,
          },
          { source: { case: 'uri', value: 'https://shop.example/lemons.png' }, role: ReferenceRole.SUBJECT },
        ],
      },
      labels: { season: 'summer' },
    },
    state: GenerationState.ENDED,
    outcome: Outcome.APPROVED,
    stopReason: StopReason.ENOUGH_PASS,
    message: 'Approved in round 2.',
    model: 'models/studio-pro',
    results: [
      {
        image: fourth,
        approved: true,
        round: 2,
        index: 0,
        score: score(4, 0.86),
        stableUrl: `https://gateway.example/${fourth.name}`,
      },
    ],
    warnings: ['models/other brought no image in round 1: it was away.'],
    review: {
      id: 'r',
      image: fourth.name,
      decision: ReviewDecision.APPROVED,
      reviewer: 'ann',
      reasons: ['on brand'],
      comment: 'Lovely.',
    },
    rounds: [
      round(0, LadderStep.UNSPECIFIED, prompts[0], COSTS.rounds[0], {
        promptUsage: [expanded],
        candidates: [
          candidate(0, 0, first, 3, { answers: answersFirst, score: score(3, 0.4) }),
          candidate(0, 1, second, 4, {
            answers: answersOther,
            score: score(2, 0.2),
            mismatches: [{ field: 'size', asked: '512x512', got: '500x500' }],
          }),
        ],
      }),
      round(1, LadderStep.REWRITE, prompts[1], COSTS.rounds[1], {
        rationale: 'Asks for the exact number.',
        promptUsage: [refined],
        candidates: [
          candidate(1, 0, third, 2, { answers: answersThird, score: score(3, 0.5) }),
          {
            round: 1,
            index: 1,
            state: CandidateState.FAILED,
            failure: { class: FailureClass.UNAVAILABLE, message: 'The provider was away.' },
          },
        ],
      }),
      round(2, LadderStep.EDIT, prompts[2], COSTS.rounds[2], {
        rationale: 'One lemon is too many, which is a local fault.',
        editedImage: third.name,
        promptUsage: [refined],
        candidates: [candidate(2, 0, fourth, 1, { answers: answersLast, score: score(4, 0.86) })],
      }),
      round(3, LadderStep.CONTROL, prompts[0], COSTS.control, {
        accepted: false,
        candidates: [candidate(3, 0, fifth, 0, { answers: answersOther, score: score(2, 0.2) })],
      }),
    ],
    cost: actual(COSTS.all),
    usage: [
      ...[expanded, refined, refined],
      ...[made, made, made, made, made],
      ...[judged, judged, judged, judged, judged],
      ...heldOutUsage,
    ],
    versions: {
      projectRevision: 7n,
      organisationRevision: 2n,
      templateVersion: 'templates/tiles/versions/4',
      rubricVersion: rubric,
      judges: ['builtin@1', judge, heldOutJudge],
      writers: ['openai:gpt-5-mini/expand@1-77ab'],
      models: ['models/studio-pro@2'],
      prices: ['models/studio-pro@2026-11'],
      platform: '0.1.0',
    },
    effectivePolicy: { maxRounds: 4, confirmMargin: 0.1, heldOutJudge: 'gemini', controlArm: true },
    createTime: time(0),
    startTime: time(0),
    endTime: time(20),
    heldOut: { judge: 'gemini', first: look(0, 5, 3), result: look(2, 3, 4), usage: heldOutUsage },
    controlArm: {
      images: 3,
      approved: false,
      bestScore: score(3, 0.4),
      shortfall: '',
      cost: actual(COSTS.control),
    },
  });
}
