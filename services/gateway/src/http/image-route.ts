import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type Authenticator, type Client, unauthenticated, unavailable } from '@atelier/rpc';
import { authorize } from '../identity/authorize.ts';
import { missing } from '../resources/not-found.ts';
import { outsideHeaders, type Route } from './route.ts';

const TIMEOUT_MS = 10_000;

/**
 * `GET /images/{id}`: the stable address of an image. Whoever may see the image is sent on to a URL that works for a few
 * minutes, so no cache may keep the answer.
 */
export function imageRoute(images: Client<typeof ImageService>, authenticate: Authenticator): Route {
  const method = ImageService.method.getImageUrl;
  return {
    methods: ['GET', 'HEAD'],
    pattern: /^\/images\/([^/]+)$/,
    async handle(request, response, { requestId, signal }, [id = '']) {
      const { remoteAddress = 'unknown', remotePort = 0 } = request.socket;
      const principal = await authenticate(outsideHeaders(request), `${remoteAddress}:${remotePort}`);
      if (principal === undefined) throw unauthenticated('Images need a credential.');
      authorize(method, { principal, method });
      const name = `images/${id}`;
      if (!/^[0-9a-f-]{36}$/.test(id)) throw missing('such image');
      const deadline = new Date(Date.now() + TIMEOUT_MS);
      const call = { principal, signal, requestId, deadline };
      const { image } = await images.getImageUrl({ name, audience: Audience.PUBLIC }, call);
      if (image === undefined || image.url === '') throw unavailable(`Storage gave no address of ${name}.`);
      response
        .writeHead(302, {
          location: image.url,
          'cache-control': 'no-store',
          'content-length': 0,
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
        })
        .end();
    },
  };
}
