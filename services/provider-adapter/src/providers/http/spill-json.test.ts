import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Spool, TooManyBytes } from '../../spool/spool.ts';
import { readSpilledJson } from './spill-json.ts';

let directory: string;
let spool: Spool;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spill-'));
  spool = new Spool(directory);
});

afterAll(() => rm(directory, { recursive: true }));

/** The text in pieces of a length, so that every border falls somewhere else. */
async function* pieces(text: string, length: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

const image = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 31) % 251));

test('a document without long strings is what JSON.parse makes of it, wherever it is cut', async () => {
  const lengths = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), lengths, async (value, length) => {
      const text = JSON.stringify(value);
      const read = await readSpilledJson(pieces(text, length), spool);
      expect(read.value).toEqual(JSON.parse(text));
    }),
    { seed: 7, numRuns: 200 },
  );
});

describe('a long string', () => {
  test.each([1_000, 4_096, 65_537, 1_000_000])('is decoded onto disk, in pieces of %i', async (length) => {
    const base64 = image.toString('base64');
    const document = { data: [{ b64_json: base64 }, { url: `data:image/png;base64,${base64}` }], n: '"\\' };
    const { value, file } = await readSpilledJson(pieces(JSON.stringify(document), length), spool);
    const { data, n } = value as { data: [{ b64_json: string }, { url: string }]; n: string };
    expect(n).toBe('"\\');
    expect(file(n)).toBeUndefined();
    for (const text of [data[0].b64_json, data[1].url]) {
      expect(await readFile(file(text)?.path ?? '')).toEqual(image);
      expect(file(text)?.sizeBytes).toBe(image.length);
    }
  });

  test('may have its slashes escaped', async () => {
    const text = `{"image":"${image.toString('base64').replaceAll('/', '\\/')}"}`;
    for (const length of [777, 65_535, 65_536]) {
      const { value, file } = await readSpilledJson(pieces(text, length), spool);
      expect(await readFile(file((value as { image: string }).image)?.path ?? '')).toEqual(image);
    }
  });

  test('above the limit is refused', async () => {
    const text = JSON.stringify({ image: image.toString('base64') });
    await expect(readSpilledJson(pieces(text, 5_000), spool, 60_000)).rejects.toBeInstanceOf(TooManyBytes);
  });

  test('that never ends is no JSON', async () => {
    const text = `{"image":"${image.toString('base64')}`;
    await expect(readSpilledJson(pieces(text, 5_000), spool)).rejects.toThrow('ends within a string');
  });
});

test.each(['', '{', '{"a": tru', 'null x', '<html>'])('%p is no JSON', async (text) => {
  await expect(readSpilledJson(pieces(text, 3), spool)).rejects.toThrow(SyntaxError);
});

test('a document that is long without long strings is refused', async () => {
  const text = JSON.stringify(Array.from({ length: 1_000_000 }, () => 'short'));
  await expect(readSpilledJson(pieces(text, 65_536), spool)).rejects.toThrow('too long');
});

test('a document that breaks after an image leaves nothing on disk', async () => {
  const onDisk = async () =>
    (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
      .length;
  const before = await onDisk();
  const text = `{"image":"${image.toString('base64')}","then":`;
  await expect(readSpilledJson(pieces(text, 4_096), spool)).rejects.toThrow(SyntaxError);
  expect(await onDisk()).toBe(before);
});
