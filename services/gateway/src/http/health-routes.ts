import { answerJson } from './answer.ts';
import type { Readiness } from './readiness.ts';
import type { Route } from './route.ts';

/** `GET /healthz`: the process is alive. `GET /readyz`: callers should be sent here, and how the services are. */
export function healthRoutes(readiness: Readiness): readonly Route[] {
  const methods = ['GET', 'HEAD'];
  return [
    {
      methods,
      pattern: /^\/healthz$/,
      async handle(_request, response) {
        answerJson(response, 200, { status: 'ok' });
      },
    },
    {
      methods,
      pattern: /^\/readyz$/,
      async handle(_request, response) {
        const { isReady, services } = await readiness.check();
        answerJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', services });
      },
    },
  ];
}
