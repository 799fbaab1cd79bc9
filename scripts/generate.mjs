// Generates libs/protos from protos/ (message types, service descriptors and the descriptor image for reflection), and
// docs/providers.md from the catalog.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OUT = 'libs/protos/src';
export const PROVIDERS = 'docs/providers.md';

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

/** The document on providers, as it should be. What it needs is read late, since it rests on what is generated. */
export async function describeProviders() {
  const { readCatalog } = await import('../services/provider-adapter/src/catalog/data-files.ts');
  const { providersDocument } = await import('../services/provider-adapter/src/catalog/providers-doc.ts');
  return providersDocument(await readCatalog({ hasProvider: () => true }));
}

if (import.meta.main) {
  generate(OUT);
  writeFileSync(PROVIDERS, `${await describeProviders()}\n`);
}
