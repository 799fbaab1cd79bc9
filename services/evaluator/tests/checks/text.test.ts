import { afterAll, describe, expect, test } from '@jest/globals';
import { createOcr, decodeImage } from '../../src/checks/index.ts';
import { bottle, carrot, clutter, draw, lettering, picture, rectangle, withNoise } from './draw.ts';
import { judge } from './judge.ts';

const ocr = createOcr();
afterAll(async () => {
  await ocr[Symbol.asyncDispose]();
});

const read = async (params: Record<string, unknown>, image: Promise<Buffer>) =>
  judge('text_present', params, await decodeImage(await image), [], ocr);

const banner = (text: string, ground: string, ink: string, size = 64) =>
  draw(rectangle(0, 180, 1024, 170, ground) + lettering(text, 60, 290, size, ink), '#eeeeee', 1024, 512);

describe('text_present reads exactly', () => {
  type Case = [title: string, text: string, image: () => Promise<Buffer>];
  const cases: Case[] = [
    ['white on red', 'Summer Sale', () => banner('Summer Sale', '#c22', '#fff')],
    ['green on red of the same brightness', 'Summer Sale', () => banner('Summer Sale', '#d04040', '#208a20')],
    ['gold on black', 'Summer Sale', () => banner('Summer Sale', '#000', '#d4af37')],
    ['small letters', 'Fresh every morning', () => banner('Fresh every morning', '#247', '#fff', 20)],
    ['digits and signs', '50% OFF today!', () => banner('50% OFF today!', '#222', '#fd3')],
    ['a price', 'Only $4.99', () => banner('Only $4.99', '#fff', '#c22')],
    ['huge letters', 'SALE', () => draw(lettering('SALE', 40, 640, 340, '#fff'), '#b03060', 1024)],
    [
      'two lines',
      'FRESH APPLES',
      () =>
        draw(
          lettering('FRESH', 200, 400, 140, '#fff') + lettering('APPLES', 160, 600, 140, '#fe8'),
          '#2a6',
          1024,
        ),
    ],
    [
      'a small picture',
      'New in',
      () => draw(rectangle(40, 150, 240, 60, '#274') + lettering('New in', 80, 193, 36, '#fff'), '#fff', 320),
    ],
    [
      'on a plate before clutter',
      'Summer Sale',
      () =>
        draw(
          clutter(3, 1024, 1024) +
            rectangle(100, 400, 800, 160, '#fff') +
            lettering('Summer Sale', 150, 510, 90, '#222'),
          '#fff',
          1024,
        ),
    ],
    [
      'through noise',
      'Summer Sale',
      async () => withNoise(await banner('Summer Sale', '#c22', '#fff'), 60, 4),
    ],
    [
      'white on transparency',
      'Summer Sale',
      () => draw(lettering('Summer Sale', 70, 240, 50, '#fff'), 'none'),
    ],
  ];
  test.each(cases)('%s', async (_, text, image) => {
    expect(await read({ text }, image())).toMatchObject({
      verdict: 'PASS',
      critique: '',
      measured: { distance: 0 },
    });
  });
});

describe('text_present tells wrong text', () => {
  test('one letter missing fails exactly and passes fuzzily', async () => {
    const image = banner('Sumer Sale', '#c22', '#fff');
    const exact = await read({ text: 'Summer Sale' }, image);
    expect(exact.verdict).toBe('FAIL');
    expect(exact.critique).toContain('reads "Sumer Sale" instead of "Summer Sale"');
    expect((await read({ text: 'Summer Sale', mode: 'fuzzy' }, image)).verdict).toBe('PASS');
    expect((await read({ text: 'Summer Sale', mode: 'fuzzy', max_distance: 0 }, image)).verdict).not.toBe(
      'PASS',
    );
  });

  test('another case fails exactly and passes fuzzily', async () => {
    const image = banner('SUMMER SALE', '#c22', '#fff');
    const exact = await read({ text: 'Summer Sale' }, image);
    expect(exact.verdict).toBe('FAIL');
    expect(exact.critique).toContain('SUMMER SALE');
    expect((await read({ text: 'Summer Sale', mode: 'fuzzy' }, image)).verdict).toBe('PASS');
  });

  test('other words fail in both ways', async () => {
    const image = banner('Winter Deals', '#c22', '#fff');
    for (const mode of ['exact', 'fuzzy']) {
      expect((await read({ text: 'Summer Sale', mode }, image)).verdict).toBe('FAIL');
    }
  });

  test('no text at all fails', async () => {
    for (const image of [draw('', '#fff', 1024), draw(carrot(512, 512, 2), '#fff', 1024)]) {
      const result = await read({ text: 'Summer Sale' }, image);
      expect(result.verdict).toBe('FAIL');
      expect(result.critique).toContain('There is no text');
    }
  });

  test('more words than wanted fail only where no others may be', async () => {
    const image = draw(
      lettering('FRESH', 200, 400, 140, '#fff') + lettering('hello world', 160, 800, 60, '#fe8'),
      '#2a6',
      1024,
    );
    expect((await read({ text: 'FRESH' }, image)).verdict).toBe('PASS');
    const only = await read({ text: 'FRESH', only: true }, image);
    expect(only.verdict).toBe('FAIL');
    expect(only.critique).toMatch(/hello|world/);
    expect(
      (
        await read(
          { text: 'FRESH', only: true },
          draw(lettering('FRESH', 200, 500, 140, '#fff'), '#2a6', 1024),
        )
      ).verdict,
    ).toBe('PASS');
  });
});

describe('text_present does not guess', () => {
  test('strokes that are no letters are no text, and none can be read', async () => {
    const scribble = Array.from(
      { length: 14 },
      (_, i) =>
        `<path d="M${100 + i * 50} 500 l15 -60 l10 60 m-25 -30 h30 q10 -30 20 0" stroke="#222" stroke-width="7" fill="none"/>`,
    ).join('');
    expect((await read({ text: 'Summer Sale' }, draw(scribble, '#fff', 1024))).verdict).not.toBe('PASS');
  });

  test('a look-alike of one letter may be misread or miswritten', async () => {
    const image = draw(lettering('Summer 5ale', 60, 540, 90, '#222'), '#fff', 1024);
    expect((await read({ text: 'Summer Sale' }, image)).verdict).toBe('UNCERTAIN');
  });

  test('what looks like a line of lettering but reads as nothing cannot be judged', async () => {
    const bars = Array.from({ length: 40 }, (_, i) => rectangle(200 + i * 14, 480, 6, 44, '#333')).join('');
    const result = await read({ text: 'Summer Sale' }, draw(bars, '#fff', 1024));
    expect(result).toMatchObject({ verdict: 'CANNOT_JUDGE', pYes: 0.5 });
    expect(result.measured.text_like_bands).toBeGreaterThan(0);
  });
});

describe('text_present without a text wants none', () => {
  type Case = [title: string, image: () => Promise<Buffer>, verdict: 'PASS' | 'FAIL'];
  const cases: Case[] = [
    ['a blank picture', () => draw('', '#fff', 1024), 'PASS'],
    ['a carrot', () => draw(carrot(512, 512, 2), '#fff', 1024), 'PASS'],
    ['a bottle with an empty label', () => draw(bottle(512, 512, '#276', 2), '#fff', 1024), 'PASS'],
    ['clutter', () => draw(clutter(3, 1024, 1024), '#fff', 1024), 'PASS'],
    ['a banner', () => banner('Summer Sale', '#c22', '#fff'), 'FAIL'],
    [
      'a bottle with a printed label',
      () =>
        draw(
          bottle(512, 512, '#276', 3) +
            rectangle(350, 545, 324, 230, '#f6f1e0') +
            lettering('OLIVE', 400, 680, 64, '#333'),
          '#fff',
          1024,
        ),
      'FAIL',
    ],
    [
      'a faint watermark',
      () => draw(carrot(512, 512, 2) + lettering('sample', 640, 960, 60, '#ccc'), '#fff', 1024),
      'FAIL',
    ],
  ];
  test.each(cases)('%s', async (_, image, verdict) => {
    expect((await read({ text: '' }, image())).verdict).toBe(verdict);
  });
});

describe('reading text', () => {
  test('is the same every time', async () => {
    const [first, second] = [
      await banner('Open daily', '#c22', '#fff'),
      await banner('Open daily', '#c22', '#fff'),
    ];
    expect(await read({ text: 'Open' }, Promise.resolve(first))).toEqual(
      await read({ text: 'Open' }, Promise.resolve(second)),
    );
  });

  test('is shared by the questions about one picture', async () => {
    const image = await picture(
      rectangle(0, 180, 1024, 170, '#c22') + lettering('Open daily', 60, 290, 64, '#fff'),
      '#eee',
      1024,
      512,
    );
    let readings = 0;
    const counting = {
      ...ocr,
      read: (...args: Parameters<typeof ocr.read>) => {
        readings++;
        return ocr.read(...args);
      },
    };
    await judge('text_present', { text: 'Open daily' }, image, [], counting);
    const once = readings;
    await judge('text_present', { text: 'Open daily', mode: 'fuzzy' }, image, [], counting);
    expect(readings).toBe(once);
  });

  test('ends with its signal, and the next reading works', async () => {
    const image = await picture(lettering('Hello there', 60, 280, 60, '#222'));
    const stop = new AbortController();
    const reason = new Error('no longer wanted');
    const running = judge('text_present', { text: 'Hello there' }, image, [], ocr, stop.signal);
    stop.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(
      judge('text_present', { text: 'x' }, image, [], ocr, AbortSignal.abort(reason)),
    ).rejects.toBe(reason);
    expect((await judge('text_present', { text: 'Hello there' }, image, [], ocr)).verdict).toBe('PASS');
  });

  test('fails with a typed error without the language, and after it was closed', async () => {
    const image = await picture(lettering('Hello', 60, 280, 60, '#222'));
    await using lost = createOcr({ languageDirectory: '/nowhere' });
    await expect(judge('text_present', { text: 'Hello' }, image, [], lost)).rejects.toMatchObject({
      name: 'OcrError',
    });
    const closed = createOcr();
    await closed[Symbol.asyncDispose]();
    await expect(judge('text_present', { text: 'Hello' }, image, [], closed)).rejects.toMatchObject({
      name: 'OcrError',
    });
  });
});
