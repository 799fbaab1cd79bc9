import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { getBytes } from '@atelier/transfer';
import { describe, expect, test } from '@jest/globals';
import { caller, commit, fixture, picture, sha256 } from './harness.ts';

describe('an image', () => {
  test('is uploaded, committed and read back', async () => {
    await using storage = await fixture();
    const bytes = await picture();
    const image = await commit(storage, bytes, { image: { labels: { shop: 'north' }, subjectId: 'sku-1' } });
    expect(image).toMatchObject({
      team: 'teams/red',
      subjectId: 'sku-1',
      labels: { shop: 'north' },
      origin: 2,
    });
    expect(image.ref).toMatchObject({ sha256: sha256(bytes), width: 64, height: 64, mediaType: 'image/png' });
    const { image: ref } = await storage.images.getImageUrl(
      { name: image.ref.name, audience: Audience.INTERNAL },
      { principal: caller() },
    );
    expect(await getBytes(ref!, { maxBytes: 1_000_000 })).toEqual(bytes);
  });
});
