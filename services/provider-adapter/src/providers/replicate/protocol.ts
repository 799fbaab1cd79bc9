import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { draftReplicateModel } from './draft/draft-model.ts';
import { runJob } from './jobs.ts';
import { reconcileJob } from './lookup.ts';
import { replicateRequest } from './request.ts';
import { uploadImage } from './uploads.ts';
import { verifyReplicateWebhook } from './webhooks.ts';

/**
 * Replicate: predictions that are polled, told of by webhooks, and can be cancelled. The paid submit is a request of ours;
 * everything else goes through Replicate's own client, over our transport.
 */
export const replicateProtocol: Protocol = {
  type: 'replicate',
  baseUrl: 'https://api.replicate.com/v1',
  needs: ['API_KEY'],
  concurrency: 10,
  // Predictions a minute, of one account.
  rate: { requests: 600, seconds: 60 },
  request: replicateRequest,
  upload: uploadImage,
  submit: runJob,
  reconcile: reconcileJob,
  draftModel: draftReplicateModel,
  verifyWebhook: verifyReplicateWebhook,
};

export const replicate: ProviderType = httpProvider(replicateProtocol);
