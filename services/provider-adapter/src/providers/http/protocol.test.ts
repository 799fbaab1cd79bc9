import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { imageSlot } from '../../parameters/image-slot.ts';
import { bareInstance, ProviderFailure, type Submission, type SubmitContext } from '../provider.ts';
import { httpProvider, type Protocol } from './protocol.ts';

const submission: Submission = {
  key: 'g/1',
  submitTime: new Date(0),
  nativeModel: 'm',
  operation: '',
  body: { image: imageSlot({ reference: 0, change: 'none' }) },
  images: 1,
  image: () => ({ bytes: Buffer.from('png'), mediaType: 'image/png', sha256: 'ab' }),
};

const context = { signal: new AbortController().signal } as SubmitContext;

/** A vendor to which images are uploaded first, and where that fails in this way. */
function vendor(failure: ProviderFailure) {
  let submits = 0;
  const protocol: Protocol = {
    type: 'vendor',
    baseUrl: 'https://vendor.example',
    needs: [],
    concurrency: 1,
    request: () => ({ method: 'POST', url: 'https://vendor.example' }),
    upload: async () => {
      throw failure;
    },
    submit: async () => {
      submits += 1;
      return { images: [] };
    },
  };
  const provider = httpProvider(protocol).create(bareInstance('vendor'));
  return { provider, submits: () => submits };
}

test.each([FailureClass.UNKNOWN_OUTCOME, FailureClass.BAD_ANSWER])(
  'an upload that is lost (class %i) is not a lost submit',
  async (failureClass) => {
    const { provider, submits } = vendor(new ProviderFailure(failureClass, 'The connection was lost.'));
    await expect(provider.submit(submission, context)).rejects.toMatchObject({
      failureClass: FailureClass.UNAVAILABLE,
      isNotSent: true,
    });
    expect(submits()).toBe(0);
  },
);

test('an upload that is refused stays refused', async () => {
  const failure = new ProviderFailure(FailureClass.AUTH, 'No.');
  const { provider, submits } = vendor(failure);
  await expect(provider.submit(submission, context)).rejects.toBe(failure);
  expect(submits()).toBe(0);
});
