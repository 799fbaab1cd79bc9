import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { sdkDriver } from './ai-sdk.ts';
import type { Driver } from './driver.ts';
import { type DriverOptions, KEPT_OUT } from './driver-options.ts';
import { openTransport } from './transport.ts';

/** Alternatives of each token: as many as all servers give that give any. */
const ALTERNATIVES = 5;

/** Any other server that speaks chat completions: vLLM, Ollama, LM Studio, llama.cpp. */
export function openaiCompatibleDriver({ settings, key, log }: DriverOptions): Driver {
  const { baseUrl, model, structured } = settings;
  const credential = key === '' ? {} : { authorization: `Bearer ${key}` };
  const chat = createOpenAICompatible({
    name: 'compatible',
    baseURL: baseUrl,
    supportsStructuredOutputs: structured,
    fetch: openTransport({ baseUrl, credential }),
    ...(key !== '' && { apiKey: KEPT_OUT }),
  }).chatModel(model);
  return sdkDriver(settings, log, {
    open: () => chat,
    providerOptions: ({ logProbabilities }) => ({
      compatible: { ...(logProbabilities && { logprobs: true, top_logprobs: ALTERNATIVES }) },
    }),
  });
}
