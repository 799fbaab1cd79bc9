import type { Score } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type JudgePreference,
  JudgePreferenceSchema,
  Preference,
} from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { Comparison } from '../judges/judge.ts';

/** Means closer than this are the same: below what measurements tell apart. */
const NOISE = 0.005;

/** The numbers that decide, in this order. */
const CRITERIA = [
  { name: 'passes all required questions', of: ({ allRequiredPass }: Score) => Number(allRequiredPass) },
  { name: 'passes more required questions', of: ({ requiredPasses }: Score) => requiredPasses },
  { name: 'has the better weakest answers', of: ({ geometricMean }: Score) => geometricMean },
  { name: 'has the better answers on the whole', of: ({ arithmeticMean }: Score) => arithmeticMean },
] as const;

function decisive(a: Score, b: Score) {
  return CRITERIA.find(({ of }) => Math.abs(of(a) - of(b)) > NOISE);
}

/** Which score is better: by the gate, then required passes, then geometric and arithmetic mean; else a tie. */
export function preferred(a: Score, b: Score): Preference {
  const criterion = decisive(a, b);
  if (criterion === undefined) return Preference.TIE;
  return criterion.of(a) > criterion.of(b) ? Preference.A : Preference.B;
}

/** The same in words. */
export function rationaleOf(preference: Preference, a: Score, b: Score): string {
  if (preference === Preference.TIE) return 'Both images answer the questions equally well.';
  const winner = preference === Preference.A ? 'first' : 'second';
  return `The ${winner} image ${decisive(a, b)?.name ?? 'is better'}.`;
}

/** Mean preferences closer to neither than this are none: below what sums of fractions lose. */
const EVEN = 1e-9;

/** What a judge comes to that saw both orders: a tie where it changed its mind with the order. */
export function inBothOrders({ judge, aFirst, bFirst, rationale }: Comparison): JudgePreference {
  const isUnknown = [aFirst, bFirst].includes(Preference.CANNOT_JUDGE);
  const preference = isUnknown ? Preference.CANNOT_JUDGE : aFirst === bFirst ? aFirst : Preference.TIE;
  const isSwayed = !isUnknown && aFirst !== bFirst;
  return create(JudgePreferenceSchema, {
    judge,
    aFirst,
    bFirst,
    preference,
    rationale: isSwayed ? 'The judge changed its mind with the order in which it saw the images.' : rationale,
  });
}

/** A panel's mean: A counts 1, B counts -1, a tie nothing; who could not say is left out. */
export function panelPreference(judges: readonly JudgePreference[]): {
  readonly preference: Preference;
  readonly rationale: string;
} {
  const able = judges.filter(({ preference }) => preference !== Preference.CANNOT_JUDGE);
  if (able.length === 0) {
    const rationale = judges[0]?.rationale ?? 'No judge that is configured compares images.';
    return { preference: Preference.CANNOT_JUDGE, rationale };
  }
  const worth = { [Preference.A]: 1, [Preference.B]: -1 } as Readonly<Record<number, number>>;
  const mean = able.reduce((sum, { preference }) => sum + (worth[preference] ?? 0), 0) / able.length;
  const preference = mean > EVEN ? Preference.A : mean < -EVEN ? Preference.B : Preference.TIE;
  const speaker = able.find((judge) => judge.preference === preference);
  return { preference, rationale: speaker?.rationale ?? 'The judges do not agree.' };
}
