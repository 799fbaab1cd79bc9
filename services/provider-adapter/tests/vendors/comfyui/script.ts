import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const USER = 'operator-of-gpu';
const PASSWORD = 'comfyui-test-password';
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A job as the server has it. */
export interface ScriptedJob {
  readonly number: number;
  readonly graph: Readonly<Record<string, { readonly class_type: string; readonly inputs: object }>>;
  readonly clientId: string;
  where: 'running' | 'pending' | 'done';
  /** What the history has on it, once it is done. */
  outputs: object;
  status: object;
}

function refused(status: number, type: string, message: string, nodes: object = {}): Reply {
  const error = { type, message, details: 'text: a red apple on a table', extra_info: {} };
  return { status, body: { error, node_errors: nodes } };
}

export const comfyuiScript: VendorScript = {
  type: 'comfyui',
  model: 'comfyui-sdxl',
  env: (origin) => ({
    PROVIDER_COMFYUI_BASE_URL: origin,
    PROVIDER_COMFYUI_USERNAME: USER,
    PROVIDER_COMFYUI_PASSWORD: PASSWORD,
  }),
  isSubmit: ({ method, path }) => method === 'POST' && path === '/prompt',
  isCancel: ({ method, path }) => method === 'POST' && path === '/interrupt',
  reply(request, stage) {
    if (request.headers.authorization !== BASIC) return { status: 401, body: { message: 'Unauthorized' } };
    const [, first = '', id] = request.path.split('/');
    switch (`${request.method} /${first}`) {
      case 'POST /prompt':
        return submit(request, stage);
      case 'GET /queue':
        return {
          status: 200,
          body: { queue_running: queued(stage, 'running'), queue_pending: queued(stage, 'pending') },
        };
      case 'GET /history':
        return { status: 200, body: history(stage, id === undefined ? undefined : decodeURIComponent(id)) };
      case 'GET /view':
        return file(request, stage);
      case 'POST /queue':
        return remove(request, stage);
      case 'POST /interrupt':
        return interrupt(request, stage);
      case 'POST /upload':
        return upload(request);
      default:
        return { status: 404 };
    }
  },
  refusals: {},
  imagesPerRequest: 1,
  givesUrls: false,
  canLookUpLostSubmit: true,
};

/** The jobs of a server, by id. */
export function jobsOf({ memory }: Pick<Stage, 'memory'>): Map<string, ScriptedJob> {
  if (!memory.has('jobs')) memory.set('jobs', new Map());
  return memory.get('jobs') as Map<string, ScriptedJob>;
}

function submit({ json }: ScriptedRequest, stage: Stage): Reply {
  const { prompt, prompt_id: id, client_id: clientId } = (json ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof prompt !== 'object' || prompt === null) return refused(400, 'no_prompt', 'No prompt provided');
  if (typeof id !== 'string' || !UUID.test(id))
    return refused(400, 'invalid_prompt_id', 'prompt_id must be a UUID');
  const { scene } = stage;
  if (scene.kind === 'status') {
    const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
    return {
      ...refused(scene.status, 'prompt_outputs_failed_validation', `Status ${scene.status}`),
      headers,
    };
  }
  const jobs = jobsOf(stage);
  const made = scene.kind === 'images' ? scene.images : [];
  if (scene.kind === 'images' && made.every((bytes) => bytes === undefined)) return { status: 500, body: {} };
  const saved = made.map((bytes, index) => {
    const filename = `atelier_${jobs.size}_${index}_.png`;
    stage.memory.set(filename, bytes);
    return { filename, subfolder: 'daily', type: 'output' };
  });
  const graph = prompt as ScriptedJob['graph'];
  const times = ['execution_start', 'execution_success'];
  jobs.set(id, {
    number: jobs.size,
    graph,
    clientId: String(clientId),
    where: scene.kind === 'pending' ? 'running' : 'done',
    outputs: { 9: { images: saved } },
    status: {
      status_str: 'success',
      completed: true,
      messages: times.map((kind, index) => [
        kind,
        { prompt_id: id, timestamp: 1_795_521_600_000 + index * 6_500 },
      ]),
    },
  });
  return { status: 200, body: { prompt_id: id, number: jobs.size - 1, node_errors: {} } };
}

function tuple(id: string, { number, graph, clientId }: ScriptedJob): readonly unknown[] {
  return [number, id, graph, { client_id: clientId, create_time: 1_795_521_600_000 }, ['9']];
}

function queued(stage: Stage, where: ScriptedJob['where']): readonly unknown[] {
  return [...jobsOf(stage)].filter(([, job]) => job.where === where).map(([id, job]) => tuple(id, job));
}

function history(stage: Stage, wanted: string | undefined): object {
  const done = [...jobsOf(stage)].filter(([id, job]) => job.where === 'done' && (wanted ?? id) === id);
  return Object.fromEntries(
    done.map(([id, job]) => [
      id,
      { prompt: tuple(id, job), outputs: job.outputs, status: job.status, meta: {} },
    ]),
  );
}

function file({ query }: ScriptedRequest, { memory }: Stage): Reply {
  const bytes = memory.get(query.get('filename') ?? '');
  const isRight = query.get('type') === 'output' && query.get('subfolder') === 'daily';
  return Buffer.isBuffer(bytes) && isRight ? { status: 200, body: bytes } : { status: 404 };
}

function remove({ json }: ScriptedRequest, stage: Stage): Reply {
  const jobs = jobsOf(stage);
  for (const id of (json as { delete?: readonly string[] }).delete ?? [])
    if (jobs.get(id)?.where === 'pending') jobs.delete(id);
  return { status: 200 };
}

function interrupt({ json }: ScriptedRequest, stage: Stage): Reply {
  const id = (json as { prompt_id?: string }).prompt_id ?? '';
  const job = jobsOf(stage).get(id);
  if (job?.where === 'running') {
    const messages = [['execution_interrupted', { prompt_id: id, node_type: 'KSampler' }]];
    Object.assign(job, {
      where: 'done',
      outputs: {},
      status: { status_str: 'error', completed: false, messages },
    });
  }
  return { status: 200 };
}

function upload({ body, headers }: ScriptedRequest): Reply {
  if (!headers['content-type']?.startsWith('multipart/form-data')) return { status: 400 };
  const text = body.toString('latin1');
  const name = /name="image"; filename="([0-9a-f]{64}\.png)"/.exec(text)?.[1];
  const subfolder = /name="subfolder"\r\n\r\n(.*)\r\n/.exec(text)?.[1];
  return name === undefined ? { status: 400 } : { status: 200, body: { name, subfolder, type: 'input' } };
}
