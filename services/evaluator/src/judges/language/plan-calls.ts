import { type Item, mustBeApart } from './items.ts';

/**
 * Distributes items over as few calls as possible, at most `batch` in each, evenly, with those apart that must be. Items
 * that are shown the references have calls of their own: a picture that is no part of a question only distracts from it.
 */
export function planCalls(items: readonly Item[], batch: number): Item[][] {
  const [shown, plain] = [items.filter(showsReferences), items.filter((item) => !showsReferences(item))];
  return [...distribute(plain, batch), ...distribute(shown, batch)];
}

function showsReferences({ showReferences }: Item): boolean {
  return showReferences;
}

function distribute(items: readonly Item[], batch: number): Item[][] {
  const count = Math.ceil(items.length / batch);
  const calls: Item[][] = Array.from({ length: count }, () => []);
  // Those that exclude others first, since they have the least choice.
  const hasTwin = ({ question }: Item) => items.some((other) => other.question === question && other.isTwin);
  const inOrder = [...items.filter(hasTwin), ...items.filter((item) => !hasTwin(item))];
  for (const item of inOrder) {
    const fitting = calls.filter(
      (call) => call.length < batch && !call.some((other) => mustBeApart(item, other)),
    );
    const emptiest = fitting.reduce<Item[] | undefined>(
      (best, call) => (best === undefined || call.length < best.length ? call : best),
      undefined,
    );
    if (emptiest === undefined) calls.push([item]);
    else emptiest.push(item);
  }
  return calls;
}
