import type { Command } from 'commander';
import { checkFollowOptions, type FollowOptions, followToEnd } from '../generation/follow.ts';
import { buildRequest } from '../request/build-request.ts';
import { addRequestFlags, type RequestFlags } from '../request/request-flags.ts';
import { define, type Runtime } from './define.ts';

/** `atelier generate`: has an image made, and shows every round. */
export function addGenerate(program: Command, runtime: Runtime): void {
  define<RequestFlags & FollowOptions>(program, runtime, {
    usage: 'generate [prompt...]',
    summary:
      'Has an image made, judged and refined, and shows every round. Exits 0 when it is approved, 3 when it is not.',
    options: (command) =>
      addRequestFlags(command)
        .option('-o, --output <file>', 'save the image; further images go to FILE-2, FILE-3 and so on')
        .option('--events', 'with --json: one line for each event'),
    examples: [
      'generate --project produce-cutouts --var item=apples --var count=3 --var colour=red -o apples.png',
      'generate --project tiles "a flat illustration of three lemons" --seed 7 --size 640x640',
      'generate --project cutouts --task edit --reference init=photo.png@0.4 "on a plain white background"',
      'generate --request request.yaml --json',
    ],
    run: async (session, words, flags) => {
      checkFollowOptions(session, flags);
      const request = await buildRequest(session, words, flags);
      return followToEnd(session, session.atelier.stream(request, session.call), flags);
    },
  });
}
