import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const USER = 'operator-of-gpu';
const PASSWORD = 'webui-test-password';
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

/** The fields of a submit that the script looks at. */
interface Sent {
  readonly prompt?: string;
  readonly batch_size?: number;
  readonly seed?: number;
  readonly save_images?: boolean;
  readonly init_images?: readonly string[];
  readonly force_task_id?: string;
  readonly override_settings?: Readonly<Record<string, unknown>>;
}

/** An exception, as the web UI's middleware words it. */
function exception(status: number, error: string, detail: string, errors = ''): Reply {
  return { status, body: { error, detail, body: '', errors } };
}

export const automatic1111Script: VendorScript = {
  type: 'automatic1111',
  model: 'a1111-sdxl',
  env: (origin) => ({
    PROVIDER_AUTOMATIC1111_BASE_URL: origin,
    PROVIDER_AUTOMATIC1111_USERNAME: USER,
    PROVIDER_AUTOMATIC1111_PASSWORD: PASSWORD,
  }),
  isSubmit: ({ method, path }) => method === 'POST' && /^\/sdapi\/v1\/(txt|img)2img$/.test(path),
  isCancel: ({ method, path }) => method === 'POST' && path === '/sdapi/v1/interrupt',
  reply(request, stage) {
    if (request.path.startsWith('/sdapi/') && request.headers.authorization !== BASIC)
      return exception(401, 'HTTPException', 'Incorrect username or password');
    if (automatic1111Script.isSubmit(request)) return submit(request, stage);
    switch (`${request.method} ${request.path}`) {
      case 'POST /internal/progress':
        return progressOf(request, stage);
      case 'GET /sdapi/v1/progress':
        return {
          status: 200,
          body: { progress: 0, eta_relative: 0, state: stage.memory.get('state') ?? {} },
        };
      case 'POST /sdapi/v1/interrupt':
        return { status: 200, body: {} };
      default:
        return { status: 404, body: { detail: 'Not Found' } };
    }
  },
  // It has no moderation. Extensions that look for nudity paint pictures black, and the API does not tell.
  refusals: {},
  imagesPerRequest: 1,
  givesUrls: false,
};

function progressOf({ json }: ScriptedRequest, { memory }: Stage): Reply {
  const id = (json as { id_task?: string } | undefined)?.id_task;
  const active = id !== undefined && memory.get('running') === id;
  const body = { active, queued: false, completed: false, progress: active ? 0.4 : null, textinfo: '' };
  return { status: 200, body };
}

function submit({ json, path }: ScriptedRequest, { scene, memory }: Stage): Reply | undefined {
  const sent = (json ?? {}) as Sent;
  if (typeof sent.prompt !== 'string') {
    const fault = { type: 'string_type', loc: ['body', 'prompt'], msg: 'Input should be a valid string' };
    return { status: 422, body: { detail: [{ ...fault, input: sent.prompt }] } };
  }
  if (path.endsWith('img2img') && sent.init_images === undefined)
    return exception(404, 'HTTPException', 'Init image not found');
  if (scene.kind === 'pending') {
    memory.set('running', sent.force_task_id);
    return undefined;
  }
  if (scene.kind === 'status') {
    const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
    const said = `CUDA out of memory while working on ${sent.prompt}`;
    return { ...exception(scene.status, 'OutOfMemoryError', '', said), headers };
  }
  if (scene.kind !== 'images') return undefined;
  if (scene.images.every((bytes) => bytes === undefined))
    return exception(500, 'OutOfMemoryError', '', 'CUDA out of memory.');
  return { status: 200, headers: { 'x-process-time': '7.25' }, body: answer(sent, scene.images) };
}

/** An answer: `info` is text. */
export function answer(sent: Sent, images: readonly (Buffer | undefined)[], changes: object = {}): object {
  const seed = sent.seed ?? 1_234;
  const checkpoint = String(sent.override_settings?.sd_model_checkpoint ?? '');
  const info = {
    prompt: sent.prompt,
    all_prompts: images.map(() => sent.prompt),
    seed,
    all_seeds: images.map((_, index) => seed + index),
    sd_model_name: checkpoint,
    sd_model_hash: '31e35c80fc',
    index_of_first_image: 0,
    infotexts: images.map(() => `${sent.prompt}\nSteps: 28`),
    extra_generation_params: {},
    job_timestamp: '20261128120000',
    ...changes,
  };
  return {
    images: images.map((bytes) => bytes?.toString('base64') ?? ''),
    parameters: { ...sent, init_images: null, mask: null },
    info: JSON.stringify(info),
  };
}
