import type { ScriptedReply, SeenAsk } from '../../src/index.ts';

/** One question as a judge is asked it. */
interface AskedQuestion {
  readonly id: string;
  readonly kind: string;
  readonly question: string;
}

/** The answer of a vision model to one question about a picture, by the picture's digest. */
export type Answer = (question: string, sha256: string) => { readonly yes: boolean; readonly fix?: string };

/**
 * What a vision model does with a request of a judge: it answers the questions that the script knows, and everything else
 * with no, as an honest model would about what is not in the picture.
 */
export function eyeReply(ask: SeenAsk, answer: Answer): ScriptedReply {
  const { questions } = JSON.parse(ask.texts.at(-1) ?? '{}') as { questions: readonly AskedQuestion[] };
  const sha256 = ask.images[0]?.sha256 ?? '';
  const answered = questions.map(({ id, question }) => ({ id, ...answer(question, sha256) }));
  return {
    kind: 'json',
    json: {
      answers: answered.map(({ id, yes, fix = '' }) => ({
        id,
        answer: yes ? 'yes' : 'no',
        finding: yes ? 'It is so.' : 'It is not so.',
        fix: yes ? '' : fix,
      })),
    },
    // Four texts in an entry, of which the second is the answer.
    alternatives: answered.flatMap(({ yes }) => [
      {},
      { yes: yes ? 0.93 : 0.04, no: yes ? 0.07 : 0.96 },
      {},
      {},
    ]),
  };
}

/** Whether a request is of a judge, and not of a prompt writer. */
export function isOfJudge({ system }: SeenAsk): boolean {
  return system.includes('You look at a picture');
}
