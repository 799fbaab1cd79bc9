import { fillImageSlots } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { Credential, WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';

/** The credential of every request. */
export function falCredentials(settings: Settings): Readonly<Record<string, Credential>> {
  const secret = settings.secret('API_KEY');
  return secret === undefined ? {} : { authorization: { scheme: 'Key ', secret } };
}

/** Builds a submit to the queue. Images go in as data URIs. The queue is told not to run a request more than once. */
export function falRequest(
  { nativeModel, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
  webhookUrl?: string,
): WireRequest {
  const query = webhookUrl === undefined ? '' : `?fal_webhook=${encodeURIComponent(webhookUrl)}`;
  return {
    method: 'POST',
    url: `${settings.baseUrl}/${nativeModel}${query}`,
    headers: { 'x-fal-no-retry': '1' },
    credentials: falCredentials(settings),
    body: { kind: 'json', value: fillImageSlots(body, images.dataUri) },
  };
}
