import type { Random } from '../random.ts';

const LETTERS = 'AEIORSTNLDM';

/** Spoils a text as image models do: letters swapped, dropped, doubled or replaced. The result always differs. */
export function misspell(line: string, random: Random): string {
  const letters = [...line];
  const places = letters.flatMap((letter, index) => (/[\p{L}\p{N}]/u.test(letter) ? [index] : []));
  if (places.length === 0) return `${line}${random.pick([...LETTERS])}`;
  const rounds = 1 + Math.floor(places.length / 9);
  for (let round = 0; round < rounds; round += 1) {
    const at = random.pick(places.filter((place) => place < letters.length));
    const here = letters[at] ?? '';
    const way = random.integer(0, 3);
    const next = letters[at + 1];
    if (way === 0 && next !== undefined && next !== here) letters.splice(at, 2, next, here);
    else if (way === 1 && letters.length > 2) letters.splice(at, 1);
    else if (way === 2) letters.splice(at, 0, here);
    else
      letters[at] = matchCase(
        random.pick([...LETTERS].filter((letter) => letter !== here.toUpperCase())),
        here,
      );
  }
  const spoilt = letters.join('');
  return spoilt === line ? `${line}${line.at(-1) ?? 'E'}` : spoilt;
}

/** Letter-like nonsense of the kind that turns up unasked in a corner. */
export function gibberish(random: Random): string {
  return Array.from({ length: random.integer(4, 8) }, () => random.pick([...LETTERS])).join('');
}

function matchCase(letter: string, like: string): string {
  return like === like.toLowerCase() && like !== like.toUpperCase() ? letter.toLowerCase() : letter;
}
