import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Score } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type JudgePreference,
  Preference,
} from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import type { CallContext, Client } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
import { sumOfBounds } from '../judges/costs.ts';
import type { CompareAsk, Comparer, ImageSize, Judge, Spend } from '../judges/judge.ts';
import { inBothOrders, panelPreference, preferred, rationaleOf } from '../scoring/compare.ts';
import type { Evaluator, RubricLibrary } from './evaluator.ts';
import { refusingImage } from './image-refusal.ts';
import { type FetchedImage, loadImage } from './load-images.ts';
import { panelOf } from './panel-of.ts';
import { patienceOf } from './patience.ts';

/** What comparing works with. */
export interface ComparisonDeps {
  readonly evaluator: Evaluator;
  readonly rubrics: RubricLibrary;
  readonly images: Client<typeof ImageService>;
  readonly judges: readonly Judge[];
}

/** What is compared by what. */
export interface ComparisonInput {
  readonly imageA: string;
  readonly imageB: string;
  readonly brief: string;
  /** Rubric or rubric version; empty for the brief alone. */
  readonly rubric: string;
  readonly variables: JsonObject;
}

/** Which image is better, and why. */
export interface ComparisonResult {
  readonly preference: Preference;
  readonly rationale: string;
  readonly scoreA?: Score;
  readonly scoreB?: Score;
  readonly judgePreferences: JudgePreference[];
  readonly estimate: Cost;
}

/** Compares two images. With a rubric the scores decide; where these are even, or without one, the vision models do. */
export async function compareTwo(
  deps: ComparisonDeps,
  input: ComparisonInput,
  call: CallContext,
  spend: Spend,
): Promise<ComparisonResult> {
  const { rubric, imageA, imageB } = input;
  const found = rubric === '' ? undefined : await deps.rubrics.get(rubric, call, 'rubric');
  const { judges } = panelOf(deps.judges, found?.version.content?.judges ?? [], EVERYBODY);
  const comparers = judges.flatMap(({ comparer }) => comparer ?? []);
  const byScore = rubric === '' ? undefined : await compareScores(deps, input, call, spend);
  if (byScore !== undefined && byScore.preference !== Preference.TIE) {
    // They might have been asked as well.
    return {
      ...byScore,
      estimate: sumOfBounds([byScore.estimate, boundOf(comparers, byScore.sizes, input)]),
    };
  }
  const [a, b] = await Promise.all([imageA, imageB].map((name) => loadImage(deps.images, name, call)));
  if (a === undefined || b === undefined) throw new Error('there are always two images');
  const bound = boundOf(comparers, [a.ref, b.ref], input);
  const estimate = byScore === undefined ? bound : sumOfBounds([byScore.estimate, bound]);
  const byEye = await compareByEye(comparers, { a, b, brief: input.brief, spend }, call);
  // Where nobody can look at them, images whose scores are even are even.
  const isBlind = byScore !== undefined && byEye.preference === Preference.CANNOT_JUDGE;
  const { preference, rationale } = isBlind ? byScore : byEye;
  return { ...byScore, ...byEye, preference, rationale, estimate };
}

/** A comparison chooses no judges but by its rubric. */
const EVERYBODY = { judges: [], withoutJudges: [] };

function boundOf(
  comparers: readonly Comparer[],
  sizes: readonly [ImageSize, ImageSize],
  { brief }: ComparisonInput,
): Cost {
  return sumOfBounds(comparers.map((comparer) => comparer.estimate(sizes, brief)));
}

async function compareScores(
  { evaluator }: ComparisonDeps,
  { imageA, imageB, rubric, variables, brief }: ComparisonInput,
  call: CallContext,
  spend: Spend,
) {
  const common = { rubric, questions: [], variables, referenceImages: [], brief, ...EVERYBODY };
  const evaluate = (image: string) =>
    evaluator.evaluate({ ...common, image, stopAtFirstFailure: false, secondLook: undefined }, call, spend);
  // Each image is judged by itself, so that the order in which they are named cannot matter.
  const [a, b] = await Promise.all([evaluate(imageA), evaluate(imageB)]);
  const preference = preferred(a.score, b.score);
  return {
    preference,
    rationale: rationaleOf(preference, a.score, b.score),
    scoreA: a.score,
    scoreB: b.score,
    sizes: [a.image, b.image] as const,
    judgePreferences: [],
    estimate: sumOfBounds([a.estimate, b.estimate]),
  };
}

async function compareByEye(
  comparers: readonly Comparer[],
  pair: CompareAsk & { readonly a: FetchedImage; readonly b: FetchedImage },
  call: CallContext,
): Promise<Pick<ComparisonResult, 'preference' | 'rationale' | 'judgePreferences'>> {
  const { a, b } = pair;
  if (comparers.length > 0 && a.sha256 === b.sha256) {
    return { preference: Preference.TIE, rationale: 'Both are the same image.', judgePreferences: [] };
  }
  const patience = patienceOf(call);
  const comparisons = await refusingImage(
    `${a.ref.name} ${b.ref.name}`,
    () => Promise.all(comparers.map((comparer) => comparer.compare(pair, patience))),
    'image_a',
  );
  call.signal.throwIfAborted();
  const judgePreferences = comparisons.map(inBothOrders);
  return { ...panelPreference(judgePreferences), judgePreferences };
}
