import { createAnthropic } from '@ai-sdk/anthropic';
import { sdkDriver } from './ai-sdk.ts';
import type { Driver } from './driver.ts';
import { type DriverOptions, KEPT_OUT } from './driver-options.ts';
import { openTransport } from './transport.ts';

/**
 * Anthropic's messages. The SDK asks models that can for structured output, and has the others answer through a tool. A model
 * that thinks cannot be made to use a tool, so that one which the SDK does not know is asked for structured output too.
 */
export function anthropicDriver({ settings, key, log }: DriverOptions): Driver {
  const { baseUrl, model, family } = settings;
  const fetch = openTransport({ baseUrl, credential: { 'x-api-key': key } });
  const messages = createAnthropic({ apiKey: KEPT_OUT, baseURL: baseUrl, fetch }).messages(model);
  return sdkDriver(settings, log, {
    open: () => messages,
    providerOptions: () =>
      family.reasoning === undefined ? undefined : { anthropic: { structuredOutputMode: 'outputFormat' } },
  });
}
