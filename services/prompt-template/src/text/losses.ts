/** What became of parts of a prompt that are not in it as they were given. */
export interface Losses {
  /** Clauses that were left out for want of room, in the order in which they went. */
  readonly dropped: readonly string[];
  /** Words at the end of the only clause left that were left out for want of room, in their order. */
  readonly words: readonly string[];
  /** How many characters the text would have more with all of these. */
  readonly characters: number;
  /** Required terms that nothing held, so that they were added. */
  readonly appended: readonly string[];
  /** Clauses that were left out since they hold a forbidden term. */
  readonly forbidden: readonly string[];
}

/** Most characters of what was left out that a warning quotes; it always says how much there was. */
const MAX_QUOTED = 300;

/** What the caller should know of it, in sentences; nothing where all is said as it was given. */
export function warningsOf(losses: Losses, maxChars: number): string[] {
  const { dropped, words, characters, appended, forbidden } = losses;
  const parts = [
    ...(dropped.length === 0 ? [] : [counted(dropped.length, 'clause')]),
    ...(words.length === 0 ? [] : [counted(words.length, 'word')]),
  ];
  const lost = [...dropped, ...(words.length === 0 ? [] : [words.join(' ')])];
  const verb = dropped.length + words.length === 1 ? 'was' : 'were';
  return [
    ...(parts.length === 0
      ? []
      : [
          `${parts.join(' and ')} (${counted(characters, 'character')}) ${verb} left out of the prompt to keep its limit of ${maxChars} characters: ${quoted(lost)}.`,
        ]),
    ...(appended.length === 0
      ? []
      : [`The prompt did not say what is required of it, so it was added at the end: ${quoted(appended)}.`]),
    ...(forbidden.length === 0
      ? []
      : [`Left out of the prompt, since it holds a forbidden term: ${quoted(forbidden)}.`]),
  ];
}

function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

function quoted(texts: readonly string[]): string {
  const all = [...texts.map((text) => `“${text}”`).join(', ')];
  return all.length <= MAX_QUOTED ? all.join('') : `${all.slice(0, MAX_QUOTED).join('')}…`;
}
