// `npm run memory`: how much memory the adapter takes while many large results arrive at once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchMesh } from '@atelier/launch';
import sharp from 'sharp';
import { type Kind, openAdapter } from './adapter.ts';
import { mostResident, residentBytes } from './resident.ts';
import { startVendor, type Vendor } from './vendor.ts';

const HELP = `usage: npm run memory -- [options]

Has the adapter take many large results at once from a vendor on loopback, which holds all of them open until the last one
has begun, and prints how much the adapter's resident memory grew at most. Exits with 1 where that is more than its bound,
which holds for the defaults below. Linux only.

  --results N    results at once; the default is 50
  --side N       side of each picture in pixels; it is not compressed, so that it has about 3 N^2 bytes. The default is 2600
  --help         this text
`;

const MIB = 1_048_576;

/** Most that the resident memory may grow, in MiB: the bounds of docs/decisions/2026-11-24-results-on-disk.md. */
const BOUNDS = { addresses: 150, base64: 256, 'half of each': 256 } as const;

interface Options {
  readonly results: number;
  readonly side: number;
  readonly help: boolean;
}

const say = (text: string) => process.stdout.write(`${text}\n`);

const options = readOptions();
if (options?.help === true) say(HELP);
else if (options !== undefined) await main(options);

/** The options; undefined, and the user told, where something is wrong with them. */
function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: { results: { type: 'string' }, side: { type: 'string' }, help: { type: 'boolean' } },
    });
    const wholeNumber = (name: 'results' | 'side', otherwise: number) => {
      const value = Number(values[name] ?? otherwise);
      if (Number.isInteger(value) && value >= 2 && value <= 10_000) return value;
      throw new RangeError(`--${name} wants a whole number from 2 to 10000`);
    };
    const { help = false } = values;
    return { results: wholeNumber('results', 50), side: wholeNumber('side', 2_600), help };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function main({ results, side }: Options): Promise<void> {
  const create = { width: side, height: side, channels: 3, background: '#806040' } as const;
  const picture = await sharp({ create }).png({ compressionLevel: 0 }).toBuffer();
  await using vendor = await startVendor(picture);
  say(`${results} results of ${(picture.length / MIB).toFixed(1)} MiB at once\n`);
  say('how they come              before    at most     growth      bound');
  const half = Math.floor(results / 2);
  await measure('addresses', vendor, { addresses: results, base64: 0 });
  await measure('base64', vendor, { addresses: 0, base64: results });
  await measure('half of each', vendor, { addresses: results - half, base64: half });
  if (process.exitCode === 1) say('\nMemory grew by more than its bound.');
}

/** Each measurement has a mesh of its own, warmed up with one picture of each kind. */
async function measure(
  name: keyof typeof BOUNDS,
  vendor: Vendor,
  counts: Record<Kind, number>,
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-memory-'));
  const mesh = await launchMesh({ dataDir, ports: 'free', env: environment(vendor.origin) });
  try {
    using adapter = await openAdapter(mesh, dataDir);
    const pid = mesh.service('provider-adapter').pid ?? 0;
    vendor.holdUntil(1);
    await adapter.make('base64', 1);
    await adapter.make('addresses', 1);
    const before = await residentBytes(pid);
    vendor.holdUntil(counts.base64 + counts.addresses);
    const most = await mostResident(pid, async () => {
      await Promise.all([adapter.make('base64', counts.base64), adapter.make('addresses', counts.addresses)]);
    });
    if (vendor.mostOpen !== counts.base64 + counts.addresses)
      throw new Error('not all results were open at once');
    const cell = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`.padStart(9);
    const bound = BOUNDS[name] * MIB;
    say(`${name.padEnd(24)} ${cell(before)} ${cell(most)} ${cell(most - before)}  ${cell(bound)}`);
    if (most - before > bound) process.exitCode = 1;
  } finally {
    await mesh.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function environment(origin: string): Record<string, string> {
  const instance = (name: string, path: string) => ({
    [`PROVIDER_${name}_TYPE`]: 'xai',
    [`PROVIDER_${name}_API_KEY`]: 'bench',
    [`PROVIDER_${name}_BASE_URL`]: origin + path,
    [`PROVIDER_${name}_CONCURRENCY`]: '100',
  });
  return {
    ...instance('BASE64', '/base64'),
    ...instance('ADDRESSES', '/address'),
    FETCH_ALLOWED_ORIGINS: origin,
  };
}
