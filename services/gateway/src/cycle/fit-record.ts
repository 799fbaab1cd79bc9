import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type Candidate,
  CandidateSchema,
  type Generation,
  GenerationSchema,
  RoundSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create, toBinary } from '@bufbuild/protobuf';

/** Bytes that a generation may take as a message: below gRPC's limit of 4 MiB, with room for what it is wrapped in. */
export const MAX_RECORD_BYTES = 3 * 1024 * 1024;

/** So few answers are never too large: an answer of several judges takes about 1 kB, and at most a few. */
const FEW_ANSWERS = 400;

/** What a candidate is kept for. */
interface Place {
  readonly isResult: boolean;
  readonly isBestOfRound: boolean;
}

/** What may be left out, the least worth first. The score of an image, and what it cost, always stay. */
const CUTS: readonly ((candidate: Candidate, place: Place) => Candidate)[] = [
  (candidate, { isResult, isBestOfRound }) =>
    isResult || isBestOfRound ? candidate : withoutJudges(candidate),
  (candidate, { isResult, isBestOfRound }) =>
    isResult || isBestOfRound ? candidate : withoutPasses(candidate),
  (candidate, { isResult, isBestOfRound }) =>
    isResult || isBestOfRound ? candidate : withoutAnswers(candidate),
  (candidate, { isResult }) => (isResult ? candidate : withoutJudges(candidate)),
  (candidate, { isResult }) => (isResult ? candidate : withoutAnswers(candidate)),
  (candidate) => withoutJudges(candidate),
  (candidate) => withoutPasses(candidate),
];

/**
 * The generation, small enough to be sent and kept. The contract allows more answers than one message holds: of a very
 * large generation, what was answered about lesser images is left out, and a warning says so. The journal has it all.
 */
export function fitRecord(generation: Generation, maxBytes = MAX_RECORD_BYTES): Generation {
  if (answersIn(generation) <= FEW_ANSWERS) return generation;
  let fitting = generation;
  for (const cut of CUTS) {
    if (toBinary(GenerationSchema, fitting).length <= maxBytes) return fitting;
    fitting = cutBy(fitting, cut);
  }
  return fitting;
}

function answersIn({ rounds }: Generation): number {
  const candidates = rounds.flatMap((round) => round.candidates);
  return candidates.reduce((sum, { answers }) => sum + answers.length, 0);
}

const WARNING =
  'The record would be too large: it leaves out answers about images that are not results, or parts of them.';

function cutBy(generation: Generation, cut: (typeof CUTS)[number]): Generation {
  const results = new Set(generation.results.map(({ round, index }) => `${round}/${index}`));
  const rounds = generation.rounds.map((round) => {
    const ranks = round.candidates.map(({ rank }) => rank).filter((rank) => rank > 0);
    const best = Math.min(...ranks);
    const candidates = round.candidates.map((candidate) =>
      cut(candidate, {
        isResult: results.has(`${candidate.round}/${candidate.index}`),
        isBestOfRound: candidate.rank === best,
      }),
    );
    return create(RoundSchema, { ...round, candidates });
  });
  return create(GenerationSchema, {
    ...generation,
    rounds,
    warnings: [...new Set([...generation.warnings, WARNING])],
  });
}

function withoutJudges(candidate: Candidate): Candidate {
  const answers = candidate.answers.map((answer) => ({ ...answer, judgeAnswers: [] }));
  return create(CandidateSchema, { ...candidate, answers });
}

function withoutPasses(candidate: Candidate): Candidate {
  const answers = candidate.answers.filter(({ verdict }) => verdict !== Verdict.PASS);
  return create(CandidateSchema, { ...candidate, answers });
}

function withoutAnswers(candidate: Candidate): Candidate {
  return create(CandidateSchema, { ...candidate, answers: [] });
}
