import { createGoogle } from '@ai-sdk/google';
import { sdkDriver } from './ai-sdk.ts';
import type { Driver } from './driver.ts';
import { type DriverOptions, KEPT_OUT } from './driver-options.ts';
import { openTransport } from './transport.ts';

/** Alternatives of each token; Gemini tells twenty at most. */
const ALTERNATIVES = 20;

/** Gemini's generateContent. Its SDK does not know log-probabilities, so that asking for them is put into its requests. */
export function geminiDriver({ settings, key, log }: DriverOptions): Driver {
  const { baseUrl, model } = settings;
  const open = (amend?: (body: Record<string, unknown>) => Record<string, unknown>) => {
    const fetch = openTransport({ baseUrl, credential: { 'x-goog-api-key': key }, ...(amend && { amend }) });
    return createGoogle({ apiKey: KEPT_OUT, baseURL: baseUrl, fetch }).languageModel(model);
  };
  const plain = open();
  const telling = open((body) => ({
    ...body,
    generationConfig: {
      ...(body.generationConfig as object),
      responseLogprobs: true,
      logprobs: ALTERNATIVES,
    },
  }));
  return sdkDriver(settings, log, {
    open: ({ logProbabilities }) => (logProbabilities ? telling : plain),
  });
}
