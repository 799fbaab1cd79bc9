import { fillImageSlots, type ImageSlot } from '../parameters/image-slot.ts';
import type { ImageFacts, NativeCall, NativePreview } from './provider.ts';

/** Shows a call of a provider that runs within this process: nothing leaves, so there are no headers and no secrets. */
export function localPreview(
  type: string,
  call: NativeCall,
  facts: (slot: ImageSlot) => ImageFacts,
): NativePreview {
  const parts: NativePreview['parts'][number][] = [];
  const body = fillImageSlots(call.body, (slot, name) => {
    const { mediaType, sizeBytes, sha256 } = facts(slot);
    parts.push({ name, mediaType, sizeBytes, sha256, text: '' });
    return `<${mediaType}, ${sizeBytes} bytes${sha256 === '' ? '' : `, sha256 ${sha256}`}>`;
  });
  return { method: 'LOCAL', url: `${type}:///${call.nativeModel}`, headers: {}, body, parts };
}
