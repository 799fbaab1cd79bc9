import { createHash } from 'node:crypto';
import type { LanguageModel } from '@atelier/language-models';
import type { Logger } from '@atelier/observability';
import { ImageError, type ShownImage, shownImage } from '../../pixels/index.ts';
import {
  type Judge,
  type JudgeAsk,
  type JudgeReply,
  judgeName,
  type LoadedImage,
  type Measured,
  type Spend,
} from '../judge.ts';
import { askItems, type ItemResult } from './ask-items.ts';
import { languageComparer } from './comparer.ts';
import { estimateAnswers } from './estimate.ts';
import { ANSWER } from './instructions.ts';
import { type Item, itemsOf } from './items.ts';
import { planCalls } from './plan-calls.ts';
import { replyOf } from './replies.ts';

/** How a vision model is used as a judge. */
export interface LanguageJudgeOptions {
  readonly model: LanguageModel;
  /** How often a question is asked whose answer has no log-probabilities, 1 to 9. */
  readonly asks: number;
  /** Most questions in one call, 1 to 32. */
  readonly batch: number;
  readonly log: Logger;
}

/** A judge whose questions are answered by a vision model. */
export function languageJudge(options: LanguageJudgeOptions): Judge {
  const { model, asks, batch } = options;
  const { instance, type, priced, logProbabilities } = model;
  const version = `${model.model}/answer@${ANSWER.version}`;
  // A usage names the judge, since the ledger asks who judged and not which model lies behind.
  const named = (spend: Spend): Spend => {
    const name = `judges/${judgeName({ instance, version })}`;
    return (usage) => spend(usage.map((each) => ({ ...each, model: name })));
  };
  return {
    instance,
    type,
    version,
    model: model.model,
    manner: JSON.stringify([model.settings, asks, batch]),
    asks: logProbabilities ? 0 : asks,
    isPriced: priced,
    capabilities: { checks: [], vision: true, logProbabilities },
    comparer: languageComparer(options, named),
    answer: (ask, signal) => answer(options, { ...ask, spend: named(ask.spend) }, signal),
    estimate: (ask) => estimateAnswers(options, ask),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function answer(
  { model, asks, batch, log }: LanguageJudgeOptions,
  ask: JudgeAsk,
  signal: AbortSignal,
): Promise<readonly JudgeReply[]> {
  const { questions, image, spend, isSecondLook } = ask;
  const from = isSecondLook ? asks : 0;
  const items = itemsOf(questions);
  const shows = items.some(({ showReferences }) => showReferences);
  const references = await Promise.all((shows ? ask.references : []).map(shownReference));
  const picture = await shownImage(image);
  const results = new Map<Item, ItemResult>();
  await Promise.all(
    planCalls(items, batch).map(async (call) => {
      const isCompared = call.some(({ showReferences }) => showReferences);
      const asking = {
        model,
        picture,
        references: isCompared ? references : [],
        images: digestOf([image, ...(isCompared ? ask.references : [])]),
        spend,
        log,
      };
      const found = await askItems(asking, call, { asks, from, questions }, signal);
      for (const [item, result] of found) results.set(item, result);
    }),
  );
  const shown: Measured = picture.isChanged
    ? { shown_width_px: picture.width, shown_height_px: picture.height }
    : {};
  return questions.map((question, index) => {
    const resultOf = (isTwin: boolean) => {
      const item = items.find((each) => each.question === index && each.isTwin === isTwin);
      return item === undefined ? undefined : results.get(item);
    };
    return withMeasured(replyOf(question, resultOf(false), resultOf(true)), shown);
  });
}

/** Throws an `ImageError` that says which one is none. */
async function shownReference(reference: LoadedImage, index: number): Promise<ShownImage> {
  try {
    return await shownImage(reference);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ImageError(error.code, `Reference image ${index + 1}: ${error.message}`, { cause: error });
  }
}

function digestOf(images: readonly { readonly sha256: string }[]): string {
  return createHash('sha256')
    .update(images.map(({ sha256 }) => sha256).join())
    .digest('hex');
}

function withMeasured(reply: JudgeReply, more: Measured): JudgeReply {
  return reply.kind === 'answered' ? { ...reply, measured: { ...reply.measured, ...more } } : reply;
}
