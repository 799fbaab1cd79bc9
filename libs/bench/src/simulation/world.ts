import { luck } from './luck.ts';

/** A required question, and what generator and judge are like about it. */
export interface QuestionTruth {
  readonly id: string;
  /** Chance that an image of the first prompt has what is asked for. */
  readonly quality: number;
  /** Chance that the judge says yes where it is there, and no where it is not. */
  readonly truePositiveRate: number;
  readonly trueNegativeRate: number;
}

/** A world in which everything is known that a real one hides. */
export interface World {
  readonly questions: readonly QuestionTruth[];
  /**
   * What a rewrite is worth: of the chance that is missing for a question that it names, this share is won, each time that
   * it names it. 0 for rewriting that has no effect.
   */
  readonly effect: number;
}

/** How often a prompt asks for each question: a prompt of the simulation is a list of their ids. */
function timesNamed(prompt: string, id: string): number {
  return prompt.split(' ').filter((word) => word === id).length;
}

/** Chance that an image of a prompt has what a question asks for. */
export function qualityOf({ effect }: World, { id, quality }: QuestionTruth, prompt: string): number {
  return 1 - (1 - quality) * (1 - effect) ** timesNamed(prompt, id);
}

/** What an image really has, by id of the question. It depends on the prompt, and on the image's own luck. */
export function truthOf(world: World, prompt: string, image: string): ReadonlyMap<string, boolean> {
  return new Map(
    world.questions.map((question) => [
      question.id,
      luck('truth', image, question.id) < qualityOf(world, question, prompt),
    ]),
  );
}

/** What the judge says of an image that has it, or has not. */
export function saysYes(question: QuestionTruth, hasIt: boolean, image: string): boolean {
  const chance = hasIt ? question.truePositiveRate : 1 - question.trueNegativeRate;
  return luck('judge', image, question.id) < chance;
}

/** Chance that the judge says yes to a question about an image of the first prompt: q t + (1 - q)(1 - s). */
function yesRate({ quality, truePositiveRate, trueNegativeRate }: QuestionTruth): number {
  return quality * truePositiveRate + (1 - quality) * (1 - trueNegativeRate);
}

/** Chance that an image of the first prompt passes the gate: the product of the yes rates, as questions are independent. */
export function passRate({ questions }: World): number {
  return questions.reduce((product, question) => product * yesRate(question), 1);
}

/** Chance that the best of so many images of the first prompt is approved: 1 - (1 - a)^N. */
export function approvalRate(world: World, images: number): number {
  return 1 - (1 - passRate(world)) ** images;
}

/** Chance that an approved image really has everything: the product of q t over the yes rate (Bayes). */
export function precision({ questions }: World): number {
  return questions.reduce(
    (product, question) => product * ((question.quality * question.truePositiveRate) / yesRate(question)),
    1,
  );
}
