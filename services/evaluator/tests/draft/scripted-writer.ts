import type { ScriptedReply } from '@atelier/testing';
import type { Planned } from './planned-draft.ts';
import { draftJson } from './planned-draft.ts';

/** What the scripted writer is asked, as it stands in the data. */
export interface WriterAsk {
  readonly brief: string;
  readonly questions?: readonly { readonly number: number; readonly text: string }[];
  readonly max_questions?: number;
  readonly template?: unknown;
  readonly earlier_draft?: string;
  readonly problems?: readonly string[];
}

/** How the writer drafts, once. */
export type Drafting = 'good' | 'spoilt' | 'words' | 'no list' | 'empty' | 'cut' | 'refused';

/** How it answers from the brief. */
export type Answering = 'plain' | 'forgets one' | 'contradicts itself' | 'words first' | 'refuses';

/** A writer's whole behaviour with one brief. */
export interface WriterPlan {
  readonly good: readonly Planned[];
  readonly spoilt: readonly Planned[];
  /** One after the other; the last one goes on. */
  readonly drafting: readonly Drafting[];
  readonly answering: Answering;
  /** The draft whose questions come to be checked. */
  readonly checked: readonly Planned[];
}

/** Plays a writer: gives the reply to each ask, and remembers the asks. */
export class ScriptedWriter {
  readonly drafts: WriterAsk[] = [];
  readonly checks: WriterAsk[] = [];
  readonly #plan: WriterPlan;

  constructor(plan: WriterPlan) {
    this.#plan = plan;
  }

  reply(ask: WriterAsk): ScriptedReply {
    return ask.questions === undefined ? this.#draft(ask) : this.#check(ask, ask.questions);
  }

  #draft(ask: WriterAsk): ScriptedReply {
    const { drafting, good, spoilt } = this.#plan;
    const how = drafting[Math.min(this.drafts.length, drafting.length - 1)];
    this.drafts.push(ask);
    switch (how) {
      case 'words':
        return { kind: 'text', text: 'Here are some fine questions for your picture!' };
      case 'no list':
        return { kind: 'json', json: { questions: 'Is there a dog?' } };
      case 'empty':
        return { kind: 'json', json: { questions: [] } };
      case 'cut':
      case 'refused':
        return { kind: how };
      default:
        return { kind: 'json', json: draftJson(how === 'good' ? good : spoilt) };
    }
  }

  #check(ask: WriterAsk, questions: NonNullable<WriterAsk['questions']>): ScriptedReply {
    this.checks.push(ask);
    const { answering, checked } = this.#plan;
    const isFirst = this.checks.length === 1;
    if (answering === 'refuses') return { kind: 'refused' };
    if (answering === 'words first' && isFirst) return { kind: 'text', text: 'Yes to all of them.' };
    const answers = questions.map(({ number, text }) => ({
      number,
      reason: 'Because.',
      answer: checked.find((planned) => planned.text === text)?.answer ?? 'unknown',
    }));
    const [first, ...others] = answers;
    if (first === undefined) return { kind: 'json', json: { answers } };
    if (answering === 'forgets one' && isFirst) return { kind: 'json', json: { answers: others } };
    // The last question of all is the one about which it cannot make up its mind.
    const last = answers.at(-1);
    if (answering === 'contradicts itself' && last !== undefined) {
      const other = { ...last, answer: last.answer === 'yes' ? 'no' : 'yes' };
      return { kind: 'json', json: { answers: [...answers, other] } };
    }
    return { kind: 'json', json: { answers } };
  }
}
