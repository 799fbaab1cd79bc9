// Compares the document on providers with what the catalog makes of it.
import { readFileSync } from 'node:fs';
import { describeProviders, PROVIDERS } from './generate.mjs';

if (readFileSync(PROVIDERS, 'utf8') !== `${await describeProviders()}\n`) {
  process.stdout.write(`${PROVIDERS} has drifted from the catalog. Run: npm run generate\n`);
  process.exitCode = 1;
}
