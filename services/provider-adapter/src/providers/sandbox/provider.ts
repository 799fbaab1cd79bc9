import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { concurrencyOf } from '../instance-fields.ts';
import { localPreview } from '../local-preview.ts';
import { type Provider, ProviderFailure, type ProviderType } from '../provider.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { readSandboxRequest } from './request.ts';

/** Requests at once: they wait more than they work. */
const CONCURRENCY = 16;

/** The provider with fixed behaviours, for trying out callers. It costs nothing and never leaves the process. */
export const sandbox: ProviderType = {
  type: 'sandbox',
  create: (instance): Provider => ({
    name: instance.name,
    type: 'sandbox',
    missing: [],
    concurrency: concurrencyOf(instance, CONCURRENCY),
    isRepeatable: true,
    isInProcess: true,
    nativeModels: Object.keys(BEHAVIOURS),
    preview: (call, facts) => localPreview('sandbox', call, facts),
    submit: async (submission, context) => {
      const behave = BEHAVIOURS[submission.nativeModel];
      if (behave === undefined) {
        throw new ProviderFailure(
          FailureClass.INVALID_REQUEST,
          `The sandbox has no model ${submission.nativeModel}.`,
        );
      }
      return behave(readSandboxRequest(submission), context);
    },
  }),
};
