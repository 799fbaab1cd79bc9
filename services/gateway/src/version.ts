import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** Version of the platform, which the records of generations keep. */
export const PLATFORM_VERSION: string = manifest.version;
