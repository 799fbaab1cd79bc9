import { createHash } from 'node:crypto';
import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { Scope } from '@atelier/protos/atelier/common/v1/principal_pb.ts';
import {
  GenerationState,
  Outcome,
  ReviewDecision,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { isRpcError } from '@atelier/rpc';
import { getBytes, putBytes } from '@atelier/transfer';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type Clients, type Fixture, fixture, refusal } from './harness.ts';

let mesh: Fixture;

beforeAll(async () => {
  mesh = await fixture();
});
afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
});

/** A PNG of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function upload({ images }: Clients, project = ''): Promise<string> {
  const sha256 = createHash('sha256').update(png).digest('hex');
  const target = await images.createUpload({ sha256, sizeBytes: BigInt(png.length), mediaType: 'image/png' });
  await putBytes(target, png);
  const { image } = await images.commitImage({ uploadId: target.uploadId, image: { project } });
  return image!.ref!.name;
}

describe('images', () => {
  test('are uploaded and read through the edge, by addresses for callers outside', async () => {
    const red = mesh.as('red');
    const name = await upload(red);
    const { image } = await red.images.getImageUrl({ name });
    expect((await getBytes(image!, { maxBytes: 1_000 })).equals(png)).toBe(true);
    const inner = await red.images.getImageUrl({ name, audience: Audience.INTERNAL });
    expect(inner.image!.url).not.toBe('');
    const blue = mesh.as('blue');
    expect(await refusal(blue.images.getImage({ name }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(blue.images.getImageUrl({ name }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(blue.images.deleteImage({ name }))).toBe('NOT_FOUND NOT_FOUND');
  });

  test('what a key of one project uploads belongs to that project', async () => {
    const bound = mesh.as('red-bound');
    const name = await upload(bound);
    expect((await bound.images.getImage({ name })).image?.project).toBe('projects/red-bound');
    expect(await refusal(upload(bound, 'projects/other'))).toBe('NOT_FOUND NOT_FOUND');
    const other = await upload(mesh.as('red'), 'projects/other');
    expect(await refusal(bound.images.getImageUrl({ name: other }))).toBe('NOT_FOUND NOT_FOUND');
  });
});

describe('forwarding', () => {
  test('errors of the other service come back as they are', async () => {
    const error = await mesh
      .as('red')
      .catalog.getModel({ name: 'models/none' })
      .catch((thrown: unknown) => thrown);
    expect(isRpcError(error) && [error.codeName, error.message]).toEqual([
      'NOT_FOUND',
      'There is no models/none.',
    ]);
  });

  test('fields are checked before anything is sent on', async () => {
    mesh.scripted.modelReaders.length = 0;
    expect(await refusal(mesh.as('red').catalog.getModel({ name: 'no model' }))).toBe(
      'INVALID_ARGUMENT INVALID_FIELD',
    );
    expect(mesh.scripted.modelReaders).toEqual([]);
  });

  test('a stream is forwarded, for those who may', async () => {
    const rebuilt = async (client: Clients) => {
      let last: { done: boolean } | undefined;
      for await (const progress of client.admin.rebuildWarehouse({})) last = progress;
      return last?.done;
    };
    expect(await rebuilt(mesh.as('platform'))).toBe(true);
    expect(await refusal(rebuilt(mesh.as('red')))).toBe('PERMISSION_DENIED SCOPE_MISSING');
  });
});

describe('the audit log', () => {
  const acts = async (team: string) => {
    const { events } = await mesh.as('platform').audit.listAuditEvents({ team, pageSize: 200 });
    return events.map(({ method, code, resource, actor }) => [method.split('/')[1], code, resource, actor]);
  };

  test('has every act: what succeeded, what failed, and what was not allowed', async () => {
    const red = mesh.as('red');
    await red.projects.createProject({ project: { name: 'projects/audited' } });
    await refusal(red.projects.createProject({ project: { name: 'projects/audited' } }));
    await refusal(
      mesh
        .as('red-generate')
        .projects.setProjectState({ name: 'projects/audited', state: ProjectState.PAUSED }),
    );
    const { apiKey, secret } = await red.keys.createApiKey({
      apiKey: { team: 'teams/red', scopes: [Scope.GENERATE] },
    });
    await red.keys.revokeApiKey({ name: apiKey!.name, reason: 'left the team' });
    await red.projects.listProjects({});
    await refusal(
      mesh.as('blue').projects.setProjectState({ name: 'projects/audited', state: ProjectState.PAUSED }),
    );
    const found = await acts('teams/red');
    expect(found).toEqual(
      expect.arrayContaining([
        ['CreateProject', 'OK', 'projects/audited', 'red (red)'],
        ['CreateProject', 'ALREADY_EXISTS', 'projects/audited', 'red (red)'],
        ['SetProjectState', 'PERMISSION_DENIED', 'projects/audited', 'red-generate (red-generate)'],
        ['CreateApiKey', 'OK', apiKey!.name, 'red (red)'],
        ['RevokeApiKey', 'OK', apiKey!.name, 'red (red)'],
      ]),
    );
    expect(found.filter(([method]) => method === 'ListProjects')).toEqual([]);
    // Whoever tries another team's resource leaves a trace in his own log.
    expect(await acts('teams/blue')).toContainEqual([
      'SetProjectState',
      'NOT_FOUND',
      'projects/audited',
      'blue (blue)',
    ]);
    const { events } = await red.audit.listAuditEvents({ resource: apiKey!.name });
    expect(events.map(({ details }) => details)).toContainEqual({
      name: apiKey!.name,
      reason: 'left the team',
    });
    const text = JSON.stringify(events, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(text).not.toContain(secret);
  });

  test('has acts on services of others, streams and images too', async () => {
    const platform = mesh.as('platform');
    await platform.catalog
      .registerModel({ model: { name: 'models/studio-new' } } as never)
      .catch(() => undefined);
    for await (const _ of platform.admin.rebuildWarehouse({}));
    const red = mesh.as('red');
    const name = await upload(red);
    await red.images.deleteImage({ name, reason: 'test' });
    const methods = (await acts('teams/platform')).map(([method, code]) => `${method} ${code}`);
    expect(methods).toContain('RebuildWarehouse OK');
    expect(await acts('teams/red')).toContainEqual(['DeleteImage', 'OK', name, 'red (red)']);
  });

  test('is read by the team alone', async () => {
    expect(await refusal(mesh.as('blue').audit.listAuditEvents({ team: 'teams/red' }))).toBe(
      'NOT_FOUND NOT_FOUND',
    );
    const own = await mesh.as('blue').audit.listAuditEvents({});
    expect(new Set(own.events.map(({ team }) => team))).toEqual(new Set(['teams/blue']));
  });
});

describe('reviews', () => {
  test('a decision knows where its image came from, and a repeat is the same decision', async () => {
    const red = mesh.as('red');
    const image = await upload(red, 'projects/audited');
    const review = {
      image,
      decision: ReviewDecision.APPROVED,
      reviewer: 'ann@example.com',
      reasons: ['good'],
    };
    const first = await red.reviews.recordReview({ review, requestId: 'review-1' });
    expect(first.review).toMatchObject({ image, team: 'teams/red', project: 'projects/audited' });
    const again = await red.reviews.recordReview({ review, requestId: 'review-1' });
    expect(again.review?.id).toBe(first.review?.id);
    const other = { ...review, decision: ReviewDecision.REJECTED };
    expect(await refusal(red.reviews.recordReview({ review: other, requestId: 'review-1' }))).toBe(
      'ALREADY_EXISTS REQUEST_ID_REUSED',
    );
    expect(await refusal(mesh.as('blue').reviews.recordReview({ review }))).toBe('NOT_FOUND NOT_FOUND');
    const { reviews } = await mesh.records.listReviewRecords({ image });
    expect(reviews.map(({ id }) => id)).toEqual([first.review?.id]);
  });

  test('the queue shows what needs a person first, oldest first, page by page', async () => {
    const outcomes = [
      Outcome.EXHAUSTED,
      Outcome.NEEDS_REVIEW,
      Outcome.APPROVED,
      Outcome.EXHAUSTED,
      Outcome.NEEDS_REVIEW,
    ];
    const names = outcomes.map(() => `generations/${uuidv7()}`);
    for (const [index, outcome] of outcomes.entries()) {
      const generation = {
        name: names[index]!,
        team: 'teams/red',
        request: { project: 'projects/audited', brief: { input: { case: 'prompt' as const, value: 'x' } } },
        state: GenerationState.ENDED,
        outcome,
        revision: 1n,
        createTime: timestampFromDate(new Date(Date.UTC(2026, 10, 1, index))),
      };
      await mesh.records.appendRecords({ records: [{ record: { case: 'generation', value: generation } }] });
    }
    const { reviews } = mesh.as('red');
    const shown: string[] = [];
    let pageToken = '';
    let pages = 0;
    do {
      const page = await reviews.listReviewQueue({ pageSize: 3, pageToken });
      shown.push(...page.generations.map(({ name }) => name));
      pageToken = page.nextPageToken;
      pages += 1;
    } while (pageToken !== '' && pages < 10);
    expect(shown).toEqual([names[1], names[4], names[0], names[3]]);
    expect((await mesh.as('blue').reviews.listReviewQueue({})).generations).toEqual([]);
    expect(await refusal(reviews.listReviewQueue({ pageToken: 'nonsense' }))).toBe(
      'INVALID_ARGUMENT INVALID_PAGE_TOKEN',
    );
  });
});

test('while storage is away, calls fail at once and name it, and what needs it not goes on', async () => {
  const red = mesh.as('red');
  await mesh.stopStorage();
  const error = await red.projects.listProjects({}).catch((thrown: unknown) => thrown);
  expect(isRpcError(error) && [error.codeName, error.reason, error.metadata.service]).toEqual([
    'UNAVAILABLE',
    'SERVICE_UNREACHABLE',
    'storage',
  ]);
  const images = await red.images.listImages({}).catch((thrown: unknown) => thrown);
  expect(isRpcError(images) && images.metadata.service).toBe('storage');
  expect(await refusal(red.catalog.getModel({ name: 'models/studio-a' }))).toBe('OK');
  expect((await fetch(`${mesh.origin}/healthz`)).status).toBe(200);
});
