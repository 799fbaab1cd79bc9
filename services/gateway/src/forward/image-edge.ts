import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import {
  type CommitImageRequest,
  type CreateUploadRequest,
  type GetImageUrlRequest,
  ImageService,
} from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type CallContext, requirePrincipal } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { mayUseProject } from '../identity/team-access.ts';
import type { Wrapper } from '../identity/wrap.ts';
import { missing } from '../resources/not-found.ts';

/**
 * What differs for images at the edge: URLs are made for callers outside unless they say otherwise, and what a key that
 * is bound to one project uploads belongs to that project. Storage keeps teams and projects apart.
 */
export const imageEdge: Wrapper = ({ method }, next) => {
  switch (method) {
    case ImageService.method.createUpload:
      return (input, context) => next(forOutside(input as CreateUploadRequest), context);
    case ImageService.method.getImageUrl:
      return (input, context) => next(forOutside(input as GetImageUrlRequest), context);
    case ImageService.method.commitImage:
      return async (input, context) =>
        next(ofProject(input as CommitImageRequest, context), context) as Promise<object>;
    default:
      return next;
  }
};

function forOutside<R extends { audience: Audience }>(request: R): R {
  return request.audience === Audience.UNSPECIFIED ? { ...request, audience: Audience.PUBLIC } : request;
}

function ofProject(request: CommitImageRequest, context: CallContext): CommitImageRequest {
  const principal = requirePrincipal(context);
  const image = request.image ?? create(ImageSchema);
  const project = image.project === '' ? (principal.project ?? '') : image.project;
  if (!mayUseProject(principal, project)) throw missing(project);
  return { ...request, image: { ...image, project } };
}
