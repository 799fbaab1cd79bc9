import { createHash } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { fillImageSlots } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { NativeCall, Submission } from '../provider.ts';

/** Stands for the id in a preview, which is of no submission yet. */
const NO_UUID = '00000000-0000-4000-8000-000000000000';

/**
 * The id under which a submission is known to Runware: always the same one, which Runware takes once. It must have the form
 * of a random UUID, so six bits of the hash give way to version and variant.
 */
export function taskUuid(key: string): string {
  const bytes = createHash('sha256').update(`runware\n${key}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A request with one task. */
export function tasksRequest(task: JsonObject, settings: Settings): WireRequest {
  const secret = settings.secret('API_KEY');
  return {
    method: 'POST',
    url: settings.baseUrl,
    ...(secret !== undefined && { credentials: { authorization: { scheme: 'Bearer ', secret } } }),
    body: { kind: 'json', value: [task] },
  };
}

/**
 * Builds a submit. The task is worked on after the answer, so that it can be looked at under its id. Images go in as data
 * URIs, and come as addresses, which keeps what is looked at short.
 */
export function runwareRequest(
  call: NativeCall & Partial<Pick<Submission, 'key'>>,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  const { nativeModel, operation, body, key } = call;
  const task: JsonObject = {
    taskType: operation,
    taskUUID: key === undefined ? NO_UUID : taskUuid(key),
    model: nativeModel,
    deliveryMethod: 'async',
    outputType: 'URL',
    includeCost: true,
    ...fillImageSlots(body, images.dataUri),
  };
  return tasksRequest(task, settings);
}
