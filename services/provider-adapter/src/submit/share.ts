import type { Units } from '../pricing/price.ts';
import type { ProviderAnswer } from '../providers/provider.ts';

/** What one candidate bears of that which a provider reports for a whole request. */
export interface Share {
  readonly units?: Units;
  /** In millionths of a US dollar. */
  readonly microUsd?: number;
  /** Whether it bears what the price list asks for the request. */
  readonly isFirst: boolean;
}

/**
 * The share of an image: all of it for the first one that came, since that surely is paid for, and for the first of all where
 * none came. The others bear nothing, which is known as well, so that no bound is put in its place.
 */
export function shareOf({ images, units, microUsd }: ProviderAnswer, index: number): Share {
  const first = Math.max(
    0,
    images.findIndex(({ kind }) => kind === 'image'),
  );
  const isFirst = index === first;
  return {
    isFirst,
    ...(units !== undefined && { units: isFirst ? units : nothingOf(units) }),
    ...(microUsd !== undefined && { microUsd: isFirst ? microUsd : 0 }),
  };
}

function nothingOf(units: Units): Units {
  return Object.fromEntries(Object.entries(units).map(([unit]) => [unit, 0]));
}
