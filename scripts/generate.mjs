// Generates libs/protos from protos/: message types, service descriptors and the descriptor image for reflection.
import { execFileSync } from 'node:child_process';

const run = (...args) => execFileSync('buf', args, { stdio: 'inherit' });
run('generate');
run(
  'build',
  '.',
  '--as-file-descriptor-set',
  '--exclude-source-info',
  '-o',
  'libs/protos/src/descriptor-set.binpb',
);
