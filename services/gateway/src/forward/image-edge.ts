import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import {
  type CommitImageRequest,
  type CreateUploadRequest,
  type GetImageUrlRequest,
  ImageService,
  type ListImagesRequest,
} from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type CallContext, type Client, requirePrincipal } from '@atelier/rpc';
import type { Message } from '@bufbuild/protobuf';
import { mayUseProject } from '../identity/team-access.ts';
import type { Wrapper } from '../identity/wrap.ts';
import { missing } from '../resources/not-found.ts';

/**
 * What differs for images at the edge: URLs are made for callers outside unless they say otherwise, and a key that is
 * bound to one project sees that project's images alone, besides uploads that belong to none.
 */
export function imageEdge(images: Client<typeof ImageService>): Wrapper {
  return ({ method }, next) =>
    async (input, context) => {
      const request = input as Message;
      switch (method) {
        case ImageService.method.createUpload:
          return next(forOutside(request as CreateUploadRequest), context) as Promise<object>;
        case ImageService.method.getImageUrl:
          await checkProject(images, (request as GetImageUrlRequest).name, context);
          return next(forOutside(request as GetImageUrlRequest), context) as Promise<object>;
        case ImageService.method.getImage:
        case ImageService.method.deleteImage:
          await checkProject(images, (request as GetImageUrlRequest).name, context);
          return next(request, context) as Promise<object>;
        case ImageService.method.commitImage:
          checkNamed((request as CommitImageRequest).image?.project ?? '', context);
          return next(request, context) as Promise<object>;
        case ImageService.method.listImages:
          return next(ofProject(request as ListImagesRequest, context), context) as Promise<object>;
        default:
          return next(request, context) as Promise<object>;
      }
    };
}

function forOutside<R extends { audience: Audience }>(request: R): R {
  return request.audience === Audience.UNSPECIFIED ? { ...request, audience: Audience.PUBLIC } : request;
}

function ofProject(request: ListImagesRequest, context: CallContext): ListImagesRequest {
  const bound = requirePrincipal(context).project;
  if (bound === undefined) return request;
  const project = request.project === '' ? bound : request.project;
  checkNamed(project, context);
  return { ...request, project };
}

/** Throws NOT_FOUND for a project that the key may not use; empty is none. */
function checkNamed(project: string, context: CallContext): void {
  if (project !== '' && !mayUseProject(requirePrincipal(context), project)) throw missing(project);
}

/** Throws NOT_FOUND for an image of a project that the key may not use. Only keys bound to a project pay for the look. */
export async function checkProject(
  images: Client<typeof ImageService>,
  name: string,
  context: Pick<CallContext, 'principal' | 'method' | 'signal' | 'deadline' | 'requestId'>,
): Promise<void> {
  const principal = requirePrincipal(context);
  if (principal.project === undefined) return;
  const { image } = await images.getImage({ name }, context);
  const project = image?.project ?? '';
  if (project !== '' && !mayUseProject(principal, project)) throw missing(name);
}
