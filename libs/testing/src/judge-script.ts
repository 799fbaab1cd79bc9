import type { ScriptedReply, SeenAsk } from './language-servers/script.ts';

/** One line of what a vision model is asked as a judge. Lines that nobody's rubric has are control questions. */
export interface JudgeLine {
  readonly id: string;
  /** Whether yes or no is wanted, a number, or what is written in the picture. */
  readonly kind: 'yes_no' | 'count' | 'read';
  readonly question: string;
}

/** What a scripted judge says of one line. */
export interface JudgeSays {
  readonly answer: string;
  /** p of each token that might stand where the answer begins, for a server that tells log-probabilities. */
  readonly might?: Readonly<Record<string, number>>;
  readonly finding?: string;
  readonly fix?: string;
}

/** The lines of a call in which a vision model is asked as a judge; none where it is asked something else. */
export function judgeLines({ texts }: Pick<SeenAsk, 'texts'>): readonly JudgeLine[] {
  const match = /\{"questions":\[.*\]\}/.exec(texts.join('\n'));
  if (match === null) return [];
  return (JSON.parse(match[0]) as { questions: JudgeLine[] }).questions;
}

/**
 * The reply of a judge that says something of every line. An honest one says no (0, or nothing) to what it was told nothing of,
 * so that it passes control questions without knowing them: `undefined` stands for that.
 */
export function judgeReply(
  ask: Pick<SeenAsk, 'texts'>,
  says: (line: JudgeLine) => string | JudgeSays | undefined,
): ScriptedReply {
  const nothing = { yes_no: 'no', count: '0', read: '' } as const;
  const said = judgeLines(ask).map((line) => {
    const given = says(line) ?? nothing[line.kind];
    return { id: line.id, ...(typeof given === 'string' ? { answer: given } : given) };
  });
  const answers = said.map(({ id, answer, finding, fix }) => ({
    id,
    answer,
    finding: finding ?? `The model says ${answer}.`,
    fix: fix ?? (answer === 'no' ? 'Ask for more of it.' : ''),
  }));
  // One object for each string value of an entry: its id, its answer, and its two sentences.
  const alternatives = said.flatMap(({ might = {} }) => [{}, might, {}, {}]);
  return { kind: 'json', json: { answers }, alternatives };
}
