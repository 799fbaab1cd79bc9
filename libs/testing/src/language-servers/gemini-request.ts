import { image, list, number, object, only, text } from './checks.ts';
import type { SeenImage } from './script.ts';
import { type Asked, Objection } from './wire.ts';

const KNOWN =
  'contents systemInstruction generationConfig safetySettings tools toolConfig cachedContent serviceTier store model labels'.split(
    ' ',
  );

const CONFIG =
  'temperature topP topK candidateCount maxOutputTokens stopSequences responseMimeType responseSchema responseJsonSchema presencePenalty frequencyPenalty seed responseLogprobs logprobs thinkingConfig mediaResolution responseModalities'.split(
    ' ',
  );

/** Reads a request for content, and refuses what Gemini would. */
export async function readContents(
  json: unknown,
  model: string,
): Promise<{ asked: Asked; topLogProbabilities: number }> {
  const body = object(json, 'body');
  only(body, KNOWN, 'body');
  const contents = list(body.contents, 'contents');
  const content = object(contents[0], 'contents[0]');
  only(content, ['role', 'parts'], 'contents[0]');
  if (contents.length !== 1 || content.role !== 'user')
    throw new Objection('contents: one of the user is expected');
  const config = object(body.generationConfig ?? {}, 'generationConfig');
  only(config, CONFIG, 'generationConfig');
  const schema = config.responseJsonSchema;
  if (schema !== undefined) {
    if (config.responseMimeType !== 'application/json') throw new Objection('responseJsonSchema: wants JSON');
    object(schema, 'responseJsonSchema');
  }
  const top = number(config.logprobs, 'logprobs', 0, 20);
  if (top !== undefined && config.responseLogprobs !== true)
    throw new Objection('logprobs: wants responseLogprobs');
  const asked: Asked = {
    model,
    system: systemText(body.systemInstruction),
    ...(await readParts(content.parts)),
    schema,
    temperature: number(config.temperature, 'temperature', 0, 2),
    maxOutputTokens: number(config.maxOutputTokens, 'maxOutputTokens', 1, 65_536),
    logProbabilities: config.responseLogprobs === true,
  };
  return { asked, topLogProbabilities: top ?? 1 };
}

function systemText(instruction: unknown): string {
  if (instruction === undefined) return '';
  const { parts } = object(instruction, 'systemInstruction');
  return list(parts, 'systemInstruction.parts')
    .map((part, index) => text(object(part, `systemInstruction.parts[${index}]`).text, 'text'))
    .join('\n');
}

async function readParts(parts: unknown): Promise<Pick<Asked, 'texts' | 'images' | 'order'>> {
  const texts: string[] = [];
  const images: SeenImage[] = [];
  const order: ('text' | 'image')[] = [];
  for (const [index, value] of list(parts, 'contents[0].parts').entries()) {
    const path = `contents[0].parts[${index}]`;
    const part = object(value, path);
    if (part.inlineData !== undefined) {
      only(part, ['inlineData'], path);
      const blob = object(part.inlineData, `${path}.inlineData`);
      only(blob, ['mimeType', 'data'], `${path}.inlineData`);
      images.push(await image(blob.data, blob.mimeType, `${path}.inlineData`));
      order.push('image');
    } else {
      only(part, ['text'], path);
      texts.push(text(part.text, `${path}.text`));
      order.push('text');
    }
  }
  return { texts, images, order };
}
