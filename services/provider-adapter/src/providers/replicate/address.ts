import { failedPrecondition } from '@atelier/rpc';
import type { NativeCall } from '../provider.ts';

/** Where predictions of a model are made, and what has to be said of its version. */
export interface ModelAddress {
  /** Path below the base address. */
  readonly path: string;
  /** Goes into the body where the path does not name the model. */
  readonly version?: string;
  /** What a prediction says of itself: fields of the answer with the values that they have. */
  readonly marks: Readonly<Record<string, string>>;
}

const NAME = '[a-z0-9A-Z][a-z0-9A-Z._-]*';
const MODEL = new RegExp(`^${NAME}/${NAME}$`);
const VERSION = new RegExp(`^(?:(${NAME}/${NAME}):)?([0-9a-f]{64})$`);

/**
 * Reads the name of a model. `owner/name` is an official model, or with the operation `deployment` a deployment of one's
 * own; every other model has to be named with its version, as `owner/name:version` or by the version alone. Throws
 * FAILED_PRECONDITION for a name that is none of these, which a preview does before anything is sent.
 */
export function modelAddress({
  nativeModel,
  operation,
}: Pick<NativeCall, 'nativeModel' | 'operation'>): ModelAddress {
  const [, model, version] = VERSION.exec(nativeModel) ?? [];
  if (version !== undefined && operation === '') {
    return { path: '/predictions', version, marks: { ...(model !== undefined && { model }), version } };
  }
  if (MODEL.test(nativeModel) && operation === '') {
    return { path: `/models/${nativeModel}/predictions`, marks: { model: nativeModel } };
  }
  if (MODEL.test(nativeModel) && operation === 'deployment') {
    return { path: `/deployments/${nativeModel}/predictions`, marks: { deployment: nativeModel } };
  }
  throw failedPrecondition(
    `${nativeModel} with the operation "${operation}" is no model of Replicate: it takes owner/name, owner/name:version, or owner/name with the operation deployment.`,
    { reason: 'MODEL_UNAVAILABLE', metadata: { resource: nativeModel } },
  );
}
