import { GenerationSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Command } from 'commander';
import { buildRequest } from '../request/build-request.ts';
import { addRequestFlags, type RequestFlags } from '../request/request-flags.ts';
import { define, type Runtime } from './define.ts';

/** `atelier create`: starts a generation and returns at once. */
export function addCreate(program: Command, runtime: Runtime): void {
  define<RequestFlags>(program, runtime, {
    usage: 'create [prompt...]',
    summary: 'Starts a generation, prints its name and returns at once.',
    options: addRequestFlags,
    examples: ['create --project produce-cutouts --var item=pear --var colour=green --request-id sku-4711'],
    run: async (session, words, flags) => {
      const request = await buildRequest(session, words, flags);
      const generation = await session.atelier.create(request, session.call);
      session.out.message(GenerationSchema, generation, [generation.name]);
      return 0;
    },
  });
}
