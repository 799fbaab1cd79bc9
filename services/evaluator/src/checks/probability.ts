import type { CheckResult, Verdict } from './check.ts';

/** A probability of at least this is a yes. */
export const passAt = 0.65;

/** A probability of at most this is a no; between the two lies UNCERTAIN. */
export const failAt = 0.35;

/** The verdict for a probability. */
export function verdictOf(pYes: number): Verdict {
  if (pYes >= passAt) return 'PASS';
  return pYes <= failAt ? 'FAIL' : 'UNCERTAIN';
}

/**
 * For a value that is estimated from pixels: the logistic function of its margin over the limit (positive is
 * good) in units of `spread`, the error of the measurement. At the limit .5; one spread inside .73, two .88,
 * three .95. So about .6 of a spread on either side is UNCERTAIN.
 */
export function estimated(margin: number, spread: number): number {
  return 1 / (1 + Math.exp(-Math.max(-40, Math.min(40, margin / spread))));
}

/**
 * For a value that is known exactly (a header's width): there is no doubt to express, so it jumps at the limit,
 * from at most .3 to at least .9, and is still monotone, so that a near miss ranks above a gross one. `scale`
 * is the distance over which a miss loses 63 % of what was left.
 */
export function exact(margin: number, scale: number): number {
  return margin >= 0 ? 1 - 0.1 * Math.exp(-margin / scale) : 0.3 * Math.exp(margin / scale);
}

/** Puts an answer together; the verdict follows from the probability, and a PASS has no critique. */
export function answer(
  pYes: number,
  measured: CheckResult['measured'],
  finding: string,
  critique: string,
): CheckResult {
  const p = Math.round(1e6 * Math.min(1, Math.max(0, pYes))) / 1e6;
  const verdict = verdictOf(p);
  return {
    pYes: p,
    verdict,
    critique: verdict === 'PASS' ? '' : critique,
    finding,
    measured: rounded(measured),
  };
}

/** The answer where the pixels do not allow one. */
export function cannotJudge(
  measured: CheckResult['measured'],
  finding: string,
  critique: string,
): CheckResult {
  return { pYes: 0.5, verdict: 'CANNOT_JUDGE', critique, finding, measured: rounded(measured) };
}

/** Four decimals: below any measurement's error, and the same on every machine. */
function rounded(measured: CheckResult['measured']): CheckResult['measured'] {
  return Object.fromEntries(
    Object.entries(measured).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value,
    ]),
  );
}

/** A share, 0 to 1, as a whole percentage for a sentence. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
