import type { JsonValue } from '@bufbuild/protobuf';
import { asImageSlot } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { FormPart, WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';

/**
 * Builds a form. The operation of the entry is the path; an entry whose operation by itself is what a field asks for maps
 * that field to `operation`, which is no part of the form. A list is so many parts of one name.
 */
export function ideogramRequest(
  { operation, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  const { operation: asked, ...fields } = body;
  const secret = settings.secret('API_KEY');
  const part = (name: string, value: JsonValue): FormPart => {
    const slot = asImageSlot(value);
    if (slot !== undefined) return images.part(slot, name);
    return { name, text: typeof value === 'string' ? value : JSON.stringify(value) };
  };
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) => part(name, item)),
  );
  return {
    method: 'POST',
    url: settings.baseUrl + (typeof asked === 'string' ? asked : operation),
    headers: { accept: 'application/json' },
    ...(secret !== undefined && { credentials: { 'api-key': { scheme: '', secret } } }),
    body: { kind: 'form', parts },
  };
}
