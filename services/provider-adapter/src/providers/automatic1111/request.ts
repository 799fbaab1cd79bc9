import { invalidArgument } from '@atelier/rpc';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { asImageSlot, fillImageSlots } from '../../parameters/image-slot.ts';
import type { Size } from '../../parameters/vocabulary.ts';
import { basicCredential } from '../http/basic-auth.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { Credential, WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';
import { literal, NOT_IN_A_NAME, networkText, withoutNetworks } from './prompt-syntax.ts';

/** The credential of every request. */
export function webuiCredentials(settings: Settings): Readonly<Record<string, Credential>> {
  const credential = basicCredential(settings);
  return credential === undefined ? {} : { authorization: credential };
}

/** Sides of pictures are multiples of this many pixels. */
const STEP = 8;

/**
 * Builds a submit: the operation of the entry is `txt2img` or `img2img`, its native model a checkpoint, which is used for this
 * request alone. Three fields of bodies are not the API's own: `loras` go into the prompt; `prompt_syntax: attention`
 * leaves the brackets of a prompt to the web UI; `max_pixels` bounds the size that an init image brings with it, where no
 * other is asked for.
 */
export function webuiRequest(
  { operation, nativeModel, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  const { loras, prompt_syntax: syntax, max_pixels: maxPixels, ...rest } = body;
  const weights = networksOf(loras);
  const text = (prompt: JsonValue | undefined) => {
    const words = String(prompt ?? '');
    return withoutNetworks(syntax === 'attention' ? words : literal(words));
  };
  const value: JsonObject = {
    ...fillImageSlots(rest, images.base64),
    ...sizeOfInit(rest, images, Number(maxPixels ?? Number.POSITIVE_INFINITY)),
    prompt: [...weights, text(rest.prompt)].join(' '),
    ...(rest.negative_prompt !== undefined && { negative_prompt: text(rest.negative_prompt) }),
    override_settings: {
      ...(rest.override_settings as JsonObject | undefined),
      sd_model_checkpoint: nativeModel,
      // By these the answer tells which weights were really there.
      ...(weights.length > 0 && { lora_add_hashes_to_infotext: true }),
    },
    override_settings_restore_afterwards: true,
  };
  return {
    method: 'POST',
    url: `${settings.baseUrl}/sdapi/v1/${operation}`,
    credentials: webuiCredentials(settings),
    body: { kind: 'json', value },
  };
}

/** The weights that a body asks for, as the prompt has them. */
function networksOf(loras: JsonValue | undefined): string[] {
  const list = Array.isArray(loras) ? (loras as JsonObject[]) : [];
  return list.map(({ name, weight }) => {
    const given = String(name ?? '');
    if (NOT_IN_A_NAME.test(given)) {
      throw invalidArgument(
        'parameters.fine_tunes',
        `"${given}" cannot be the name of weights on this server`,
      );
    }
    return networkText(given, Number(weight ?? 1));
  });
}

/** Without a size the API makes 512 x 512 of whatever it gets: a picture keeps the shape of what it starts from instead. */
function sizeOfInit(body: JsonObject, images: SlotImages, maxPixels: number): Partial<Size> {
  const [init] = Array.isArray(body.init_images) ? body.init_images : [];
  const slot = init === undefined ? undefined : asImageSlot(init);
  if (slot === undefined || body.width !== undefined) return {};
  const size = images.size(slot);
  if (size === undefined) return {};
  const scale = Math.min(1, Math.sqrt(maxPixels / (size.width * size.height)));
  const side = (pixels: number) => Math.max(64, Math.round((pixels * scale) / STEP) * STEP);
  return { width: side(size.width), height: side(size.height) };
}
