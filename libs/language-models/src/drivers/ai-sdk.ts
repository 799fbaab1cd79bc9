import type {
  JSONSchema7,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4Prompt,
} from '@ai-sdk/provider';
import { APICallError } from '@ai-sdk/provider';
import type { Logger } from '@atelier/observability';
import type { ModelRequest } from '../language-model.ts';
import type { Settings } from '../settings.ts';
import type { Consumption } from '../spending.ts';
import { type Answered, type Driver, type Ending, VendorError } from './driver.ts';
import { alignTokens, tokensIn } from './tokens.ts';
import { schemaInWords } from './words.ts';

/** How a vendor differs from the others, as far as the SDKs leave differences. */
export interface SdkVendor {
  /** Opens the SDK's model for one attempt. */
  readonly open: (request: ModelRequest) => LanguageModelV4;
  /** What only this vendor's SDK understands. */
  readonly providerOptions?: (request: ModelRequest) => LanguageModelV4CallOptions['providerOptions'];
  /** What only this vendor's SDK understands of an image. */
  readonly imageOptions?: LanguageModelV4CallOptions['providerOptions'];
}

/**
 * Asks through one of the AI SDK's providers, by the versioned interface that they implement. It is one request and one answer:
 * what the SDK would put around it (repeats, downloads, warnings on the process, a parser that drops what does not fit) is ours
 * to decide.
 */
export function sdkDriver(settings: Settings, log: Logger, vendor: SdkVendor): Driver {
  return {
    async ask(request, signal) {
      const result = await generate(
        vendor.open(request),
        callOptions(request, signal, settings, vendor),
        signal,
      );
      for (const { type, ...warning } of result.warnings) {
        const feature = 'feature' in warning ? warning.feature : undefined;
        log.debug({ instance: settings.name, type, feature }, 'the SDK changed a request');
      }
      return answered(result, request);
    },
  };
}

async function generate(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  signal: AbortSignal,
): Promise<LanguageModelV4GenerateResult> {
  try {
    return await model.doGenerate(options);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof VendorError) throw error;
    // Failures of the vendor do not come so far: it is a success that the SDK cannot read, or a request that it cannot make.
    const isAnswer =
      APICallError.isInstance(error) || (error as Error).name === 'AI_InvalidResponseDataError';
    throw isAnswer
      ? new VendorError('unavailable', 'the vendor’s answer is not of its protocol', { mayBeBilled: true })
      : new VendorError('invalid_request', `the SDK cannot make the request (${(error as Error).name})`);
  }
}

function callOptions(
  request: ModelRequest,
  signal: AbortSignal,
  settings: Settings,
  vendor: SdkVendor,
): LanguageModelV4CallOptions {
  const { temperature, maxOutputTokens, schemaName } = request;
  const providerOptions = vendor.providerOptions?.(request);
  return {
    prompt: promptOf(request, settings, vendor),
    maxOutputTokens: maxOutputTokens + settings.thinkingTokens,
    abortSignal: signal,
    ...(settings.structured && {
      responseFormat: { type: 'json', schema: request.schema as JSONSchema7, name: schemaName },
    }),
    ...(settings.takesTemperature && temperature !== undefined && { temperature }),
    ...(settings.reasoning !== undefined && { reasoning: settings.reasoning }),
    ...(providerOptions !== undefined && { providerOptions }),
  };
}

function promptOf(
  request: ModelRequest,
  { structured }: Settings,
  { imageOptions }: SdkVendor,
): LanguageModelV4Prompt {
  const content = request.parts.map((part) => {
    if (part.kind === 'text') return { type: 'text' as const, text: part.text };
    const data = { type: 'data' as const, data: part.bytes };
    return {
      type: 'file' as const,
      mediaType: part.mediaType,
      data,
      ...(imageOptions !== undefined && { providerOptions: imageOptions }),
    };
  });
  const system = structured ? request.system : `${request.system}\n\n${schemaInWords(request.schema)}`;
  return [
    { role: 'system', content: system },
    { role: 'user', content },
  ];
}

function answered(result: LanguageModelV4GenerateResult, request: ModelRequest): Answered {
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const tokens = request.logProbabilities === true ? tokensIn(result.response?.body) : undefined;
  return {
    text,
    ending: endingOf(result.finishReason.unified),
    tokens: tokens && alignTokens(text, tokens),
    consumption: consumptionOf(result.usage),
  };
}

function endingOf(reason: LanguageModelV4GenerateResult['finishReason']['unified']): Ending {
  if (reason === 'content-filter') return 'refused';
  return reason === 'length' ? 'cut' : 'whole';
}

function consumptionOf({
  inputTokens,
  outputTokens,
}: LanguageModelV4GenerateResult['usage']): Consumption | undefined {
  if (inputTokens.total === undefined || outputTokens.total === undefined) return undefined;
  return { input: inputTokens.total, cachedInput: inputTokens.cacheRead ?? 0, output: outputTokens.total };
}
