// Generates libs/protos from protos/: message types, service descriptors and the descriptor image for reflection.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const OUT = 'libs/protos/src';

/** Generates into `out`, which is emptied first. */
export function generate(out) {
  const buf = (...args) => execFileSync('buf', args, { stdio: 'inherit' });
  const template = readFileSync('buf.gen.yaml', 'utf8').replace(`out: ${OUT}`, `out: ${out}`);
  buf('generate', '--template', template);
  buf(
    'build',
    '.',
    '--as-file-descriptor-set',
    '--exclude-source-info',
    '-o',
    join(out, 'descriptor-set.binpb'),
  );
}

if (import.meta.main) generate(OUT);
