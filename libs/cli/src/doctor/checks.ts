import { randomBytes } from 'node:crypto';
import { formatTime, plural } from '../output/format.ts';
import type { Session } from '../session.ts';
import { version } from '../version.ts';
import type { Check } from './check.ts';
import { samplePng } from './sample-image.ts';

/** How long a part may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * One check for each configured part, all of them through the gateway, as a caller sees it. None of them spends: no model,
 * writer or judge is asked to work.
 */
export function doctorChecks(session: Session): Check[] {
  const call = { signal: session.signal, timeoutMs: TIMEOUT_MS };
  const { services } = session;
  return [
    {
      part: 'gateway',
      run: async () => {
        const status = await session.atelier.health(TIMEOUT_MS);
        const message = `${session.address} is ${status}`;
        return status === 'SERVING' ? message : { health: 'failed', message };
      },
    },
    {
      part: 'identity',
      run: async () => {
        const { projects } = await services.projects.listProjects({ pageSize: 200 }, call);
        const key = session.env.ATELIER_API_KEY ? 'the key is good' : 'no key is set, and none is needed';
        return `${key}; ${plural(projects.length, 'project')}`;
      },
    },
    {
      part: 'prompt-template',
      run: async () => {
        const { templates } = await services.templates.listTemplates({ pageSize: 200 }, call);
        return plural(templates.length, 'template');
      },
    },
    { part: 'provider-adapter', run: () => modelsCheck(session, call) },
    { part: 'evaluator', run: () => judgesCheck(session, call) },
    {
      part: 'rubrics',
      run: async () =>
        plural((await services.rubrics.listRubrics({ pageSize: 200 }, call)).rubrics.length, 'rubric'),
    },
    { part: 'storage', run: () => storageCheck(session, call) },
    {
      part: 'warehouse',
      run: async () => {
        const { asOf } = await services.usage.queryUsage({ query: {} }, call);
        return asOf === undefined ? 'answers' : `answers, as of ${formatTime(asOf)}`;
      },
    },
    { part: 'versions', run: async () => `atelier ${version}, Node ${process.versions.node}` },
  ];
}

type Call = { readonly signal: AbortSignal; readonly timeoutMs: number };

async function modelsCheck({ services }: Session, call: Call) {
  const { models } = await services.catalog.listModels({ pageSize: 200, includeUnavailable: true }, call);
  const missing = models.filter(({ configured }) => !configured);
  const settings = [...new Set(missing.flatMap(({ missingSettings }) => missingSettings))];
  const message = `${models.length - missing.length} of ${plural(models.length, 'model')} configured`;
  if (models.length === missing.length)
    return { health: 'failed', message: `${message}; missing: ${settings.join(', ')}` } as const;
  return missing.length === 0 ? message : `${message}; the others want ${settings.join(', ') || 'settings'}`;
}

async function judgesCheck({ services }: Session, call: Call) {
  const { judges } = await services.evaluation.listJudges({}, call);
  const ready = judges.filter(({ configured }) => configured);
  const names = ready.map((judge) => judge.version).join(', ');
  if (ready.length === 0) return { health: 'failed', message: 'no judge is configured' } as const;
  const missing = judges.filter(({ configured }) => !configured).map(({ instance }) => instance);
  if (missing.length > 0)
    return { health: 'warning', message: `${names}; not configured: ${missing.join(', ')}` } as const;
  const unpriced = ready.filter(({ vision, priced }) => vision && !priced).map(({ instance }) => instance);
  if (unpriced.length > 0) {
    const message = `${names}; what they cost is unknown: ${unpriced.join(', ')}`;
    return { health: 'warning', message } as const;
  }
  const canSee = ready.some(({ vision }) => vision);
  return canSee ? names : `${names}; typed checks only: free questions are CANNOT_JUDGE`;
}

/** A small image goes in and comes out again by its signed URL, and is deleted. */
async function storageCheck({ atelier, services, env }: Session, call: Call) {
  const bytes = samplePng(randomBytes(64));
  const ref = await atelier.uploadReference(bytes, 'image/png', call);
  try {
    const back = await atelier.downloadImage(ref.name);
    if (Buffer.compare(back, bytes) !== 0)
      return { health: 'failed', message: 'other bytes came back than went in' } as const;
    const { image } = await services.images.getImage({ name: ref.name }, call);
    const stable = await stableCheck(image?.stableUrl ?? '', env.ATELIER_API_KEY);
    const message = `an image went in and came out by signed URLs${stable === '' ? '' : `; ${stable}`}`;
    return stable.endsWith('good') || stable === '' ? message : ({ health: 'warning', message } as const);
  } finally {
    await services.images.deleteImage({ name: ref.name, reason: 'atelier doctor' }, call);
  }
}

/** Whether the stable address of an image leads to its bytes. */
async function stableCheck(url: string, apiKey: string | undefined): Promise<string> {
  if (url === '') return '';
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.arrayBuffer();
    return answer.ok ? 'its stable address is good' : `its stable address answers ${answer.status}: ${url}`;
  } catch {
    return `its stable address cannot be reached: ${url}`;
  }
}
