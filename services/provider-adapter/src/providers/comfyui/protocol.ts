import { basicCredential } from '../http/basic-auth.ts';
import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { reconcileJob, runJob } from './jobs.ts';
import { comfyRequest } from './request.ts';
import { uploadImage } from './upload.ts';

/** ComfyUI: a server of one's own that works off graphs of nodes, one after the other. A model is a graph in the catalog. */
export const comfyuiProtocol: Protocol = {
  type: 'comfyui',
  baseUrl: '',
  needs: ['BASE_URL'],
  // The server has a queue: a second job waits there while the first one's images are copied.
  concurrency: 2,
  check: (settings) => void basicCredential(settings),
  isSelfHosted: true,
  request: comfyRequest,
  upload: uploadImage,
  submit: runJob,
  reconcile: reconcileJob,
};

export const comfyui: ProviderType = httpProvider(comfyuiProtocol);
