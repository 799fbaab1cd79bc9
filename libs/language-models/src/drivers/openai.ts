import { createOpenAI } from '@ai-sdk/openai';
import { sdkDriver } from './ai-sdk.ts';
import type { Driver } from './driver.ts';
import { type DriverOptions, KEPT_OUT } from './driver-options.ts';
import { openTransport } from './transport.ts';

/** Alternatives of each token; OpenAI tells twenty at most. */
const ALTERNATIVES = 20;

/**
 * OpenAI, by chat completions rather than the Responses API, which is the SDK's default: they tell log-probabilities beside
 * images and structured answers, and are what every compatible server speaks.
 */
export function openaiDriver({ settings, key, log }: DriverOptions): Driver {
  const { baseUrl, model } = settings;
  const fetch = openTransport({ baseUrl, credential: { authorization: `Bearer ${key}` } });
  const chat = createOpenAI({ apiKey: KEPT_OUT, baseURL: baseUrl, fetch }).chat(model);
  return sdkDriver(settings, log, {
    open: () => chat,
    providerOptions: ({ logProbabilities }) => ({
      // Nothing of ours is kept there for their dashboard.
      openai: { store: false, ...(logProbabilities && { logprobs: ALTERNATIVES }) },
    }),
    imageOptions: { openai: { imageDetail: 'high' } },
  });
}
