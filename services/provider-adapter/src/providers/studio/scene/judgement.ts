import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import type { StudioModelTraits } from '../traits.ts';
import type { Decision } from './plan.ts';

/** Each step of emphasis leaves this share of the failures. */
const EMPHASIS_LEAVES = 0.45;

/** Guidance as the cfg scale: below 4 a model listens less, above 9 more. 7 is neutral. */
function guidanceFactor(guidance: number | undefined): number {
  if (guidance === undefined) return 1;
  return Math.min(1.6, Math.max(0.7, 1 + (7 - guidance) * 0.06));
}

/** Under twenty steps a picture is unfinished: more is missed. */
function stepsFactor(steps: number | undefined): number {
  return steps === undefined || steps >= 20 ? 1 : 1 + (20 - steps) * 0.04;
}

/**
 * Decides, per instruction and per open choice, whether the model gets it right. Each has a stream of its own
 * (model, seed, what it is about), so a stronger wording can only help and never reshuffles the rest.
 */
export class Judgement {
  readonly decisions: Decision[] = [];
  readonly #traits: StudioModelTraits;
  readonly #seed: string;
  readonly #carelessness: number;

  constructor(traits: StudioModelTraits, seed: bigint | number, guidance?: number, steps?: number) {
    this.#traits = traits;
    this.#seed = String(seed);
    this.#carelessness = guidanceFactor(guidance) * stepsFactor(steps);
  }

  /** The stream of one decision. */
  random(about: string): Random {
    return createRandom('studio', this.#traits.name, this.#seed, about);
  }

  /** Whether an instruction is honoured. `weight` scales the chance of failure. */
  follows(about: string, emphasis: number, weight = 1, subject = ''): boolean {
    return this.#told(about, (1 - this.#traits.adherence) * weight, emphasis, subject);
  }

  /** Whether a text comes out as asked. Ten letters are the unit of difficulty. */
  spells(text: string, emphasis: number): boolean {
    const failure = 1 - this.#traits.textAccuracy ** (0.4 + [...text].length / 16);
    return this.#told('spelling', failure, emphasis, text);
  }

  /** Whether an open choice is made well. `weight` scales the chance of a bad one. */
  chooses(about: string, weight = 1, subject = ''): boolean {
    const kept = this.random(`open:${about}:${subject}`).next() >= (1 - this.#traits.taste) * weight;
    this.decisions.push({ about, source: 'open', kept });
    return kept;
  }

  #told(about: string, failure: number, emphasis: number, subject: string): boolean {
    const chance = Math.min(0.95, failure * this.#carelessness * EMPHASIS_LEAVES ** Math.min(emphasis, 3));
    const kept = this.random(`told:${about}:${subject}`).next() >= chance;
    this.decisions.push({ about, source: 'told', kept });
    return kept;
  }
}
