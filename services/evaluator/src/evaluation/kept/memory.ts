import { LRUCache } from 'lru-cache';
import type { AnsweredReply } from '../../judges/judge.ts';
import { type KeptAnswers, readAnswer, writeAnswer } from './kept-answers.ts';

/** Answers in memory at most: about 10 MB. */
const MOST = 20_000;

/** Keeps answers in this process, for so many milliseconds. The least recently used give way. */
export class MemoryAnswers implements KeptAnswers {
  readonly #answers: LRUCache<string, string>;

  constructor(lifetimeMs: number) {
    this.#answers = new LRUCache({ max: MOST, ttl: lifetimeMs });
  }

  async find(keys: readonly string[]): Promise<readonly (AnsweredReply | undefined)[]> {
    return keys.map((key) => readAnswer(this.#answers.get(key)));
  }

  async keep(answers: ReadonlyMap<string, AnsweredReply>): Promise<void> {
    for (const [key, answer] of answers) this.#answers.set(key, writeAnswer(answer));
  }
}
