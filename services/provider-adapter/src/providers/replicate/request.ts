import { fillImageSlots } from '../../parameters/image-slot.ts';
import { LONGEST_MS } from '../../submit/timeout.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { Credential, WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';
import { modelAddress } from './address.ts';

/** Nobody waits for a result any longer, so that a job that was lost sight of does not go on and cost. */
const CANCEL_AFTER = `${LONGEST_MS / 1_000}s`;

/** The credential of every request. */
export function replicateCredentials(settings: Settings): Readonly<Record<string, Credential>> {
  const secret = settings.secret('API_KEY');
  return secret === undefined ? {} : { authorization: { scheme: 'Bearer ', secret } };
}

/**
 * Builds a submit. The entry's fields are those of the model's input. A webhook is asked for where it could be verified,
 * and only for the end of the job.
 */
export function replicateRequest(
  call: NativeCall,
  settings: Settings,
  images: SlotImages,
  webhookUrl?: string,
): WireRequest {
  const { path, version } = modelAddress(call);
  const isTold = webhookUrl !== undefined && settings.secret('WEBHOOK_SECRET') !== undefined;
  return {
    method: 'POST',
    url: `${settings.baseUrl}${path}`,
    headers: { 'cancel-after': CANCEL_AFTER },
    credentials: replicateCredentials(settings),
    body: {
      kind: 'json',
      value: {
        ...(version !== undefined && { version }),
        input: fillImageSlots(call.body, images.uploaded),
        ...(isTold && { webhook: webhookUrl, webhook_events_filter: ['completed'] }),
      },
    },
  };
}
