import type { Score } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { Preference } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';

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
