import { alreadyExists, failedPrecondition, invalidArgument } from '@atelier/rpc';
import { UploadMissing } from '../images/image-store.ts';
import { ImageRefused } from '../images/inspect.ts';
import { RequestIdReused } from '../images/uploads.ts';

/** Reasons of the contract for what can be wrong with bytes. */
const REASONS = {
  'digest-mismatch': 'DIGEST_MISMATCH',
  'not-an-image': 'NOT_AN_IMAGE',
  'too-many-pixels': 'IMAGE_TOO_LARGE',
} as const;

/** What a caller is told of a failure of the image store; other errors pass as they are. */
export function imageError(error: unknown): unknown {
  if (error instanceof ImageRefused)
    return invalidArgument('upload_id', error.message, { reason: REASONS[error.fault], cause: error });
  if (error instanceof UploadMissing)
    return failedPrecondition('The upload is unknown, or its bytes have not arrived.', {
      reason: 'UPLOAD_MISSING',
      cause: error,
    });
  if (error instanceof RequestIdReused)
    return alreadyExists('The request id came earlier for other bytes.', {
      reason: 'REQUEST_ID_REUSED',
      cause: error,
    });
  return error;
}
