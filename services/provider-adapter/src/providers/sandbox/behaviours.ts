import { setTimeout as wait } from 'node:timers/promises';
import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import {
  type Produced,
  type ProviderAnswer,
  ProviderFailure,
  ProviderRefusal,
  type SubmitContext,
} from '../provider.ts';
import { blurredNoise, plainPicture, softPicture } from './pictures.ts';
import type { SandboxRequest } from './request.ts';

/** What a model of the sandbox does with every request. */
export type Behaviour = (request: SandboxRequest, context: SubmitContext) => Promise<ProviderAnswer>;

/** How long `slow` takes where the caller does not say, in milliseconds, and in how many steps it tells its progress. */
const SLOW_MS = 4_000;
const SLOW_STEPS = 8;

/** The archive that `bad-answer` gives: the 22 bytes of an empty zip. */
const EMPTY_ZIP = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');

const approve: Behaviour = async (request, { signal }) => {
  await wait(request.delayMs ?? 0, undefined, { signal });
  return pictures(request, plainPicture);
};

const slow: Behaviour = async (request, context) => {
  const step = (request.delayMs ?? SLOW_MS) / SLOW_STEPS;
  for (let done = 1; done <= SLOW_STEPS; done += 1) {
    await wait(step, undefined, { signal: context.signal });
    context.progress(done / SLOW_STEPS);
  }
  return pictures(request, plainPicture);
};

const refuse: Behaviour = async () => {
  throw new ProviderRefusal({
    stage: RefusalStage.INPUT,
    categories: ['sandbox'],
    message: 'The sandbox refuses every prompt.',
  });
};

const refuseOutput: Behaviour = async ({ images }) => ({
  images: Array.from({ length: images }, (): Produced => {
    const message = 'The sandbox refuses what it made.';
    return { kind: 'refusal', refusal: { stage: RefusalStage.OUTPUT, categories: ['sandbox'], message } };
  }),
});

const timeout: Behaviour = async (_request, { signal }) => {
  await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return { images: [] };
};

/** Every fourth picture of a request fails; one that is asked for alone is the first. */
const partial: Behaviour = async (request) => {
  const { images } = await pictures(request, plainPicture);
  const failure = new ProviderFailure(FailureClass.UNAVAILABLE, 'The sandbox lost this picture.');
  return { images: images.map((image, index) => (index % 4 === 3 ? { kind: 'failure', failure } : image)) };
};

const fail: Behaviour = async () => {
  throw new ProviderFailure(FailureClass.UNAVAILABLE, 'The sandbox is down on purpose.');
};

const unknownOutcome: Behaviour = async () => {
  throw new ProviderFailure(
    FailureClass.UNKNOWN_OUTCOME,
    'The sandbox broke the connection after the request had left.',
  );
};

const badAnswer: Behaviour = async ({ images }) => ({
  images: Array.from({ length: images }, () => ({ kind: 'image', bytes: EMPTY_ZIP }) as const),
});

/** The models of the sandbox by their native names. */
export const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  approve,
  exhaust: (request) => pictures(request, blurredNoise),
  review: (request) => pictures(request, softPicture),
  slow,
  refuse,
  'refuse-output': refuseOutput,
  timeout,
  partial,
  fail,
  'unknown-outcome': unknownOutcome,
  'bad-answer': badAnswer,
};

type Draw = (width: number, height: number, seed: number) => Promise<Buffer>;

async function pictures(
  { width, height, seed, images }: SandboxRequest,
  draw: Draw,
): Promise<ProviderAnswer> {
  const drawn = Array.from({ length: images }, async (_, index): Promise<Produced> => {
    return { kind: 'image', bytes: await draw(width, height, seed + index), seed: BigInt(seed + index) };
  });
  return { images: await Promise.all(drawn) };
}
