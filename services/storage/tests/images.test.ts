import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { ImageOrigin, type ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { ImageMatch } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { getBytes } from '@atelier/transfer';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import {
  adapterHeaders,
  admin,
  caller,
  commit,
  fixture,
  picture,
  refusal,
  sha256,
  uploadBytes,
} from './harness.ts';

const red = caller('red');
const blue = caller('blue');

describe('an image', () => {
  test('is uploaded, committed and read back', async () => {
    await using storage = await fixture();
    const bytes = await picture();
    const image = await commit(storage, bytes, { image: { labels: { shop: 'north' }, subjectId: 'sku-1' } });
    expect(image).toMatchObject({
      team: 'teams/red',
      subjectId: 'sku-1',
      labels: { shop: 'north' },
      origin: ImageOrigin.UPLOADED,
      stableUrl: `http://127.0.0.1:8080/${image.ref.name}`,
    });
    expect(image.ref).toMatchObject({ sha256: sha256(bytes), width: 64, height: 64, mediaType: 'image/png' });
    expect(image.ref.uri).toMatch(/^file:\/\/\/.*\/teams\/red\/images\//);
    const { image: ref } = await storage.images.getImageUrl(
      { name: image.ref.name, audience: Audience.INTERNAL },
      { principal: red },
    );
    expect(await getBytes(ref!, { maxBytes: 1_000_000 })).toEqual(bytes);
    const again = await storage.images.getImage({ name: image.ref.name }, { principal: red });
    expect(again.image).toEqual(image);
  });

  test.each(['png', 'jpeg', 'webp'] as const)('may be %s', async (format) => {
    await using storage = await fixture();
    const image = await commit(storage, await picture(format), { mediaType: `image/${format}` });
    expect(image.ref.mediaType).toBe(`image/${format}`);
    expect(image.perceptualHash).toMatch(/^[0-9a-f]{16}$/);
  });

  test('is the same however often its upload is reserved and committed', async () => {
    await using storage = await fixture();
    const bytes = await picture();
    const [first, second] = [
      await uploadBytes(storage, bytes, { requestId: 'r-1' }),
      await uploadBytes(storage, bytes, { requestId: 'r-1' }),
    ];
    expect(second).toBe(first);
    const commits = await Promise.all(
      Array.from({ length: 5 }, () => storage.images.commitImage({ uploadId: first }, { principal: red })),
    );
    expect(new Set(commits.map(({ image }) => image?.ref?.name)).size).toBe(1);
    const later = await storage.images.commitImage({ uploadId: first }, { principal: red });
    expect(later.image).toEqual(commits[0]?.image);
    const other = { sha256: 'a'.repeat(64), sizeBytes: 5n, mediaType: 'image/png', requestId: 'r-1' };
    expect(await refusal(storage.images.createUpload(other, { principal: red }))).toBe(
      'ALREADY_EXISTS REQUEST_ID_REUSED',
    );
    const bluesOwn = await storage.images.createUpload(other, { principal: blue });
    expect(bluesOwn.uploadId).not.toBe(first);
  });

  test('outlives a restart, and so does an upload that is not committed yet', async () => {
    await using storage = await fixture();
    const kept = await commit(storage, await picture());
    const uploadId = await uploadBytes(storage, await picture('webp'), { mediaType: 'image/webp' });
    await storage.service.drain(0);
    const { start, clients } = await import('./harness.ts');
    await using restarted = await start(storage.dataDir);
    using client = clients(`127.0.0.1:${restarted.grpcPort}`);
    const { image } = await client.images.getImage({ name: kept.ref.name }, { principal: red });
    expect(image).toEqual(kept);
    const late = await client.images.commitImage({ uploadId }, { principal: red });
    expect(late.image?.ref?.mediaType).toBe('image/webp');
    const { images } = await client.images.listImages({}, { principal: red });
    expect(images).toEqual([late.image, kept]);
  });

  test('keeps its lineage where a service vouches for it, and is refused it where a caller does', async () => {
    await using storage = await fixture();
    const facts: MessageInitShape<typeof ImageSchema> = {
      model: 'models/studio',
      prompt: 'a pear',
      seed: 7n,
      round: 1,
      candidateKey: 'k',
      origin: ImageOrigin.GENERATED,
    };
    const made = await commit(storage, await picture(), { made: true, image: facts });
    expect(made).toMatchObject({ ...facts, origin: ImageOrigin.GENERATED });
    const uploadId = await uploadBytes(storage, await picture());
    const forged = storage.images.commitImage({ uploadId, image: facts }, { principal: red });
    await expect(forged).rejects.toMatchObject({
      codeName: 'INVALID_ARGUMENT',
      fieldViolations: ['model', 'prompt', 'candidate_key', 'seed', 'round', 'origin'].map((field) => ({
        field: `image.${field}`,
      })),
    });
  });

  test('is listed at once, by filters and pages, newest first', async () => {
    await using storage = await fixture();
    const images = [];
    for (const index of [0, 1, 2, 3, 4]) {
      const labels = { parity: index % 2 === 0 ? 'even' : 'odd', "o'clock": String(index) };
      images.push(await commit(storage, await picture('png', { x: 10 + index * 9 }), { image: { labels } }));
    }
    const newestFirst = images.toReversed();
    const list = (request: object) => storage.images.listImages(request, { principal: red });
    expect((await list({})).images).toEqual(newestFirst);
    expect((await list({ labels: { parity: 'odd', "o'clock": '3' } })).images).toEqual([images[3]]);
    const first = await list({ pageSize: 2 });
    expect(first.images).toEqual(newestFirst.slice(0, 2));
    await commit(storage, await picture('png', { x: 55 }));
    const second = await list({ pageSize: 2, pageToken: first.nextPageToken });
    expect(second.images).toEqual(newestFirst.slice(2, 4));
    const third = await list({ pageSize: 2, pageToken: second.nextPageToken });
    expect(third).toMatchObject({ images: newestFirst.slice(4), nextPageToken: '' });
    expect(Number(third.asOf?.seconds)).toBeGreaterThan(0);
    expect(await refusal(list({ pageSize: 2, pageToken: first.nextPageToken, project: 'projects/x' }))).toBe(
      'INVALID_ARGUMENT INVALID_PAGE_TOKEN',
    );
    expect(await refusal(list({ pageToken: 'nonsense' }))).toBe('INVALID_ARGUMENT INVALID_PAGE_TOKEN');
  });

  test('is found by its bytes, and by its looks when they were changed', async () => {
    await using storage = await fixture();
    const image = await commit(storage, await picture('png', { x: 30 }));
    const smaller = await commit(storage, await picture('jpeg', { x: 30 }), {
      mediaType: 'image/jpeg',
      principal: blue,
    });
    const verify = (sha: string, perceptualHash = '', principal = red) =>
      storage.images.verifyImage({ sha256: sha, perceptualHash }, { principal });
    const none = 'f'.repeat(64);
    expect(await verify(image.ref.sha256)).toMatchObject({ match: ImageMatch.EXACT, image });
    expect(await verify(none, smaller.perceptualHash)).toMatchObject({ match: ImageMatch.SIMILAR, image });
    const opposite = (BigInt(`0x${image.perceptualHash}`) ^ 0xffffffffffffffffn)
      .toString(16)
      .padStart(16, '0');
    expect((await verify(none, opposite)).match).toBe(ImageMatch.NONE);
    expect((await verify(image.ref.sha256, '', blue)).match).toBe(ImageMatch.NONE);
    expect(await refusal(verify(none, 'xyz'))).toBe('INVALID_ARGUMENT INVALID_FIELD');
  });

  test('leaves a tombstone when it is deleted, and who did it is on record', async () => {
    await using storage = await fixture();
    const image = await commit(storage, await picture());
    const { name } = image.ref;
    const { image: before } = await storage.images.getImageUrl({ name, audience: 1 }, { principal: red });
    const { image: deleted } = await storage.images.deleteImage(
      { name, reason: 'wrong' },
      { principal: red },
    );
    expect(deleted?.deleteTime).toBeDefined();
    expect((await storage.images.deleteImage({ name }, { principal: red })).image).toEqual(deleted);
    expect((await storage.images.getImage({ name }, { principal: red })).image).toEqual(deleted);
    expect(await refusal(storage.images.getImageUrl({ name }, { principal: red }))).toBe(
      'NOT_FOUND NOT_FOUND',
    );
    expect((await fetch(before?.url ?? '')).status).toBe(404);
    expect((await storage.images.listImages({}, { principal: red })).images).toEqual([]);
    const { events } = await storage.records.listAuditRecords({ resource: name }, { principal: red });
    expect(events).toMatchObject([{ actor: 'keys/red red tests', code: 'OK', details: { reason: 'wrong' } }]);
  });
});

test('what is another team’s is not found by any method, and the platform’s administrator reads it', async () => {
  await using storage = await fixture();
  const image = await commit(storage, await picture());
  const { name, sha256: digest } = image.ref;
  const uploadId = await uploadBytes(storage, await picture('png', { x: 40 }));
  const { images } = storage;
  const as = { principal: blue };
  const attempts = {
    getImage: () => images.getImage({ name }, as),
    getImageUrl: () => images.getImageUrl({ name }, as),
    deleteImage: () => images.deleteImage({ name }, as),
    'getImage, from a service’s header': () => images.getImage({ name }, { ...as, headers: adapterHeaders }),
  };
  for (const attempt of Object.values(attempts)) expect(await refusal(attempt())).toBe('NOT_FOUND NOT_FOUND');
  expect(await refusal(images.commitImage({ uploadId }, as))).toBe('FAILED_PRECONDITION UPLOAD_MISSING');
  expect((await images.listImages({}, as)).images).toEqual([]);
  expect((await images.verifyImage({ sha256: digest }, as)).match).toBe(ImageMatch.NONE);
  expect((await images.getImage({ name }, { principal: admin() })).image).toEqual(image);
  expect(await refusal(images.getImage({ name }))).toBe('UNAUTHENTICATED UNAUTHENTICATED');
});

test('a key of one project sees that project alone', async () => {
  await using storage = await fixture();
  const own = caller('red', { project: 'projects/own' });
  const uploaded = await commit(storage, await picture(), { principal: own });
  expect(uploaded.project).toBe('projects/own');
  const other = await commit(storage, await picture(), { image: { project: 'projects/other' } });
  expect(await refusal(storage.images.getImage({ name: other.ref.name }, { principal: own }))).toBe(
    'NOT_FOUND NOT_FOUND',
  );
  expect((await storage.images.listImages({}, { principal: own })).images).toEqual([uploaded]);
  const foreign = commit(storage, await picture(), { principal: own, image: { project: 'projects/other' } });
  expect(await refusal(foreign)).toBe('INVALID_ARGUMENT INVALID_FIELD');
});
