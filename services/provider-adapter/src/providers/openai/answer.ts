import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Units } from '../../pricing/price.ts';
import type { JsonAnswer } from '../http/answer.ts';
import { isObject, leftOut, oneImage, rewritten } from '../http/one-image.ts';
import type { Job } from '../http/protocol.ts';
import { type Produced, type ProviderAnswer, ProviderFailure } from '../provider.ts';

/** How a server that speaks the protocol differs from OpenAI's own in what it answers. */
export interface AnswerDialect {
  /** The image of an item of `data`, where it is told otherwise than by an image; undefined for one that is an image. */
  readonly judge?: (item: JsonObject) => Produced | undefined;
  /** Where an answer with one image has it, if not in a list under `data`. */
  readonly single?: string;
  /** What the whole request cost, in millionths of a US dollar. */
  readonly microUsd?: (answer: JsonObject) => number | undefined;
}

/** Reads a list of images. An item without an image is a failure of its own; no item at all is a bad answer. */
export async function readImages(
  { json, image }: JsonAnswer,
  { download, submission }: Pick<Job, 'download' | 'submission'>,
  dialect: AnswerDialect = {},
): Promise<ProviderAnswer> {
  const items = itemsOf(json, dialect);
  if (items.length === 0)
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider answered without images.');
  const images: Produced[] = [];
  for (const item of items) images.push(dialect.judge?.(item) ?? (await oneImage(() => produced(item))));
  const microUsd = dialect.microUsd?.(json);
  return { images, units: unitsOf(json.usage), ...(microUsd !== undefined && { microUsd }) };

  async function produced(item: JsonObject): Promise<Produced> {
    const revisedPrompt = rewritten(item.revised_prompt, submission.body.prompt);
    const bytes = image(item.b64_json);
    if (bytes !== undefined) return { kind: 'image', bytes, revisedPrompt };
    if (typeof item.url !== 'string') throw leftOut();
    return { kind: 'image', bytes: await download(item.url), revisedPrompt };
  }
}

function itemsOf(json: JsonObject, { single = '' }: AnswerDialect): JsonObject[] {
  const alone = json[single];
  if (isObject(alone)) return [alone];
  return Array.isArray(json.data) ? json.data.filter(isObject) : [];
}

/** Tokens, where the answer counts them: of text and of images apart, since they have prices of their own. */
function unitsOf(usage: JsonValue | undefined): Units | undefined {
  if (!isObject(usage) || typeof usage.output_tokens !== 'number' || usage.output_tokens === 0)
    return undefined;
  const input = isObject(usage.input_tokens_details) ? usage.input_tokens_details : {};
  const output = isObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  const count = (value: JsonValue | undefined) => (typeof value === 'number' ? value : undefined);
  const ofImages = count(output.image_tokens) ?? usage.output_tokens;
  return {
    input_token: count(input.text_tokens) ?? count(usage.input_tokens),
    input_image_token: count(input.image_tokens) ?? 0,
    output_token: ofImages,
    output_text_token: count(output.text_tokens) ?? Math.max(0, usage.output_tokens - ofImages),
  };
}
