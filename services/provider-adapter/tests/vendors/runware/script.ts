import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const KEY = 'runware-test-key';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

type Task = Readonly<Record<string, unknown>>;

/** What a task came to: results and errors, or nothing as long as it goes on. */
interface Outcome {
  readonly data: readonly Task[];
  readonly errors: readonly Task[];
}

const fault = (code: string, more: Task = {}): Task => ({
  code,
  message: `Something about a red apple on a table: ${code}.`,
  ...more,
});

/** Refusals that the submit itself is answered with, and those in which tasks end. */
const REFUSED_AT_ONCE = 'promptBlocked';
const ENDS: Readonly<Record<string, Outcome>> = {
  'flagged by the checker': {
    data: [
      { imageUUID: 'i-1', imageURL: 'http://never.invalid/flagged.png', NSFWContent: true, cost: 0.0038 },
    ],
    errors: [],
  },
  providerContentPolicyViolation: { data: [], errors: [fault('providerContentPolicyViolation')] },
  'an item that ended in an error': {
    data: [{ status: 'error', error: fault('nsfwContentDetected') }],
    errors: [],
  },
};

export const runwareScript: VendorScript = {
  type: 'runware',
  model: 'runware-nano-banana',
  env: (origin) => ({ PROVIDER_RUNWARE_BASE_URL: `${origin}/v1`, PROVIDER_RUNWARE_API_KEY: KEY }),
  isSubmit: (request) => taskOf(request)?.taskType === 'imageInference',
  reply(request, stage) {
    if (request.headers.authorization !== `Bearer ${KEY}`) {
      return { status: 401, body: { errors: [fault('invalidApiKey', { parameter: 'apiKey' })] } };
    }
    if (request.method !== 'POST' || request.path !== '/v1') return { status: 404 };
    const task = taskOf(request);
    if (task === undefined) return { status: 400, body: { errors: [fault('invalidRequest')] } };
    return task.taskType === 'getResponse' ? look(task, stage) : submit(task, stage);
  },
  refusals: {
    'flagged by the checker': { stage: RefusalStage.OUTPUT, categories: ['nsfw'] },
    [REFUSED_AT_ONCE]: { stage: RefusalStage.INPUT, categories: ['promptBlocked'] },
    providerContentPolicyViolation: {
      stage: RefusalStage.UNSPECIFIED,
      categories: ['providerContentPolicyViolation'],
    },
    'an item that ended in an error': { stage: RefusalStage.OUTPUT, categories: ['nsfwContentDetected'] },
  },
  imagesPerRequest: 4,
  givesUrls: true,
  canLookUpLostSubmit: true,
};

function taskOf({ json }: ScriptedRequest): Task | undefined {
  return Array.isArray(json) && json.length === 1 ? (json[0] as Task) : undefined;
}

function submit(task: Task, { scene, memory, host }: Stage): Reply {
  const { taskUUID: uuid, taskType, model, positivePrompt: prompt, deliveryMethod } = task;
  const refuse = (status: number, error: Task, headers = {}): Reply => ({
    status,
    headers,
    body: { data: [], errors: [{ ...error, taskUUID: uuid, taskType }] },
  });
  if (typeof uuid !== 'string' || !UUID.test(uuid)) return refuse(400, fault('invalidTaskUUID'));
  if (memory.has(uuid)) return refuse(400, fault('conflictTaskUUID'));
  if (typeof model !== 'string') return refuse(400, fault('missingModel', { parameter: 'model' }));
  if (typeof prompt !== 'string' || prompt.length < 2)
    return refuse(400, fault('invalidPositivePrompt', { parameter: 'positivePrompt' }));
  if (deliveryMethod !== 'async') throw new Error('this script plays tasks that are looked at');
  if (scene.kind === 'status') {
    const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
    return refuse(scene.status, fault(`status${scene.status}`), headers);
  }
  if (scene.kind === 'refusal' && scene.form === REFUSED_AT_ONCE) return refuse(400, fault(scene.form));
  memory.set(uuid, outcome({ scene, host }));
  return { status: 200, body: { data: [{ taskType, taskUUID: uuid }] } };
}

function outcome({ scene, host }: Pick<Stage, 'scene' | 'host'>): Outcome | undefined {
  switch (scene.kind) {
    case 'images': {
      const made = scene.images.filter((bytes) => bytes !== undefined);
      return {
        data: made.map((bytes, index) => ({
          status: 'success',
          imageUUID: `image-${index}`,
          imageURL: host(bytes),
          seed: 7,
          NSFWContent: false,
          cost: 0.0038,
        })),
        errors: scene.images.filter((bytes) => bytes === undefined).map(() => fault('inferenceError')),
      };
    }
    case 'result_at':
      return { data: [{ status: 'success', imageUUID: 'image-0', imageURL: scene.url }], errors: [] };
    case 'refusal':
      return ENDS[scene.form];
    default:
      return undefined;
  }
}

/** One who asks for a task that is not known gets an empty list, as for one that has only just been taken. */
function look({ taskUUID: uuid }: Task, { memory }: Stage): Reply {
  if (!memory.has(String(uuid))) return { status: 200, body: { data: [] } };
  const ended = memory.get(String(uuid)) as Outcome | undefined;
  const told = { taskType: 'imageInference', taskUUID: uuid };
  if (ended === undefined) {
    return { status: 200, body: { data: [{ ...told, status: 'processing', progress: 50 }] } };
  }
  const data = ended.data.map((item) => ({ status: 'success', ...item, ...told }));
  const errors = ended.errors.map((error) => ({ ...error, ...told, status: 'error' }));
  return { status: 200, body: { data, ...(errors.length > 0 && { errors }) } };
}
