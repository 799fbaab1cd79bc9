import { createHash } from 'node:crypto';
import { AtelierError, Code } from '@atelier/client';
import { Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatMicroUsd } from '../src/output/format.ts';
import { styles } from '../src/report/styles.ts';
import { attribute, Dom, rawText, reachesOut, rows, text, within } from './report/dom.ts';
import { poison } from './report/poison.ts';
import { COSTS, fullRecord } from './report/records.ts';
import { generationName, render, Shelf, shelvedRecord } from './report/render.ts';

describe('a report of one generation', () => {
  const { record, shelf } = shelvedRecord();
  const rendered = render([record], shelf);
  const dom = async () => new Dom((await rendered).page);
  /** The cells of a row of the grid of rounds, by the id of its question. */
  const gridRow = async (id: string) => {
    const [grid] = (await dom()).all('table', 'rounds');
    if (grid === undefined) throw new Error('no grid');
    const row = rows(grid).find(([head = '']) => head.includes(`${id} ·`));
    if (row === undefined) throw new Error(`no row ${id}`);
    return row;
  };

  test('follows the standard, and needs nothing besides itself', async () => {
    const page = await dom();
    expect(page.errors).toEqual([]);
    expect(reachesOut(page)).toEqual([]);
    expect(page.all('script')).toEqual([]);
  });

  test('forbids everything but its own style and images that are part of it', async () => {
    const page = await dom();
    const policy = page
      .all('meta')
      .find((meta) => attribute(meta, 'http-equiv') === 'Content-Security-Policy');
    if (policy === undefined) throw new Error('no policy');
    const style = page.one('style');
    const digest = createHash('sha256').update(rawText(style)).digest('base64');
    expect(rawText(style)).toBe(styles);
    expect(attribute(policy, 'content').split('; ')).toEqual([
      "default-src 'none'",
      'img-src data:',
      `style-src 'sha256-${digest}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    // Nothing stands before it that it would not hold for.
    expect(page.elements.indexOf(policy)).toBeLessThan(page.elements.indexOf(style));
  });

  test('embeds every image once, with words for those who do not see it', async () => {
    const page = await dom();
    const images = page.all('img');
    expect(images.map((image) => attribute(image, 'alt'))).toEqual([
      'Reference image: style',
      'Round 0, candidate 1: item: lemons · count: 3',
      'Round 0, candidate 2: item: lemons · count: 3',
      'Round 1, candidate 1: item: lemons · count: 3',
      'Round 2, candidate 1: item: lemons · count: 3',
      'Round 3, candidate 1: item: lemons · count: 3',
    ]);
    const bytes = images.map((image) => Buffer.from(attribute(image, 'src').split(',')[1] ?? '', 'base64'));
    const wanted = [record.request?.parameters?.referenceImages[0]?.source.value as string];
    for (const { candidates } of record.rounds)
      wanted.push(...candidates.flatMap(({ image }) => image?.name ?? []));
    for (const [index, name] of wanted.entries())
      expect(bytes[index]).toEqual(await shelf.read(await shelf.find(name)));
    expect((await rendered).tally).toMatchObject({ embedded: 6, leftOut: 0 });
  });

  test('has a column for each round of the cycle, a row for each question, and the control arm apart', async () => {
    const [grid, control] = (await dom()).all('table', 'rounds');
    if (grid === undefined || control === undefined) throw new Error('no grid');
    expect(
      within(grid, 'th')
        .filter((each) => attribute(each, 'scope') === 'col')
        .map(text),
    ).toEqual([
      'Round 0 studio-pro',
      'Round 1 the prompt rewritten · from round 0 · studio-pro',
      'Round 2 the best image edited · from round 1 · studio-pro',
    ]);
    expect(rows(grid).map(([head]) => head)).toEqual([
      '',
      'Images',
      'Are there lemons? there · required',
      'Are there exactly three lemons? count · required',
      'Is the ground plain and cream? ground · required',
      'Is there a brand name or logo in the picture? no-logo · required · no is good · asked by the organisation',
      'Does it look like summer? mood · counts 0.5 · asked by this call',
      'Cost of the round',
    ]);
    expect(
      within(control, 'th')
        .filter((each) => attribute(each, 'scope') === 'col')
        .map(text),
    ).toEqual(['Round 3 the first prompt again, for the control arm · from round 0 · studio-pro']);
  });

  test('tells verdicts by sign and word with p and critique, and marks what changed', async () => {
    expect(await gridRow('count')).toEqual([
      expect.any(String),
      '✗ fails p 0.04 5 lemons are there; 3 were asked. candidate 2: ✗ fails p 0.04',
      '✗ fails p 0.04 4 lemons are there; 3 were asked.',
      '✓ passes p 0.91 ▲ mended',
    ]);
    expect((await gridRow('no-logo'))[3]).toBe('✓ passes p 0.66 looked at twice');
    expect((await gridRow('mood')).slice(1)).toEqual([
      '? uncertain p 0.50 candidate 2: ✗ fails p 0.10',
      '✓ passes p 0.90 ▲ mended',
      '! the judge failed ◆ changed',
    ]);
  });

  test('shows rank, seed and score of each image, and why there is none', async () => {
    const captions = (await dom()).all('figcaption').map(text);
    expect(captions).toContain(
      'Candidate 1 3rd of 4 · seed 0 · 16 × 16 · $0.0087 3 of 4 required questions pass, mean p 0.40',
    );
    expect(captions).toContain(
      '★ result Candidate 1 1st of 4 · seed 200 · 16 × 16 · $0.0087 4 of 4 required questions pass, mean p 0.86',
    );
    expect(captions.join()).toContain('size: 512x512 was asked, 500x500 came');
    expect((await dom()).all('p', 'no-picture').map(text)).toContain(
      'No image. unavailable: The provider was away.',
    );
  });

  test('shows prompts with what changed against the round that they started from', async () => {
    const cards = (await dom()).all('article');
    expect(cards.map((card) => within(card, 'ins').map(text))).toEqual([
      [],
      ['exactly', ', well apart,', 'plain', 'text'],
      [],
    ]);
    expect(cards.map((card) => within(card, 'p').map(text)[0])).toEqual([
      'Prompt three lemons on a cream ground, flat illustration',
      'Why: Asks for the exact number.',
      'Why: One lemon is too many, which is a local fault.',
    ]);
    const page = await dom();
    const [receipt] = page
      .all('table')
      .filter((table) => text(table).startsWith('What became of the parameters'));
    expect(receipt === undefined ? [] : rows(receipt)[1]).toEqual([
      ...['size', 'clamped', '768x768', '512x512', 'input.size', 'project', 'the model makes squares of 512'],
    ]);
    const [sent] = page.all('pre');
    expect(JSON.parse(sent === undefined ? '{}' : text(sent))).toMatchObject({
      body: { prompt: 'three lemons on a cream ground, flat illustration' },
    });
  });

  test('adds costs up as the record has them', async () => {
    const usd = formatMicroUsd;
    expect(rows((await dom()).table('What it cost, in US dollars'))).toEqual([
      ['', 'Images', 'Prompts', 'Judging', 'In all'],
      ['Round 0 (2 images)', usd(16_000n), usd(200n), usd(1_400n), usd(COSTS.rounds[0])],
      ['Round 1 (1 image)', usd(8_000n), usd(300n), usd(700n), usd(COSTS.rounds[1])],
      ['Round 2 (1 image)', usd(8_000n), usd(300n), usd(700n), usd(COSTS.rounds[2])],
      ['Control arm, round 3 (1 image)', usd(8_000n), usd(0n), usd(700n), usd(COSTS.control)],
      ['Held-out judge', '', '', usd(COSTS.heldOut), usd(COSTS.heldOut)],
      ['In all', usd(COSTS.images), usd(COSTS.prompts), usd(COSTS.judging), usd(COSTS.all)],
    ]);
  });

  test('does not take an unknown price for zero, nor a record without parts', async () => {
    const { record: other, shelf: own } = shelvedRecord();
    const [first, second] = other.rounds;
    if (first === undefined || second === undefined) throw new Error('no rounds');
    first.promptUsage = [];
    for (const each of first.candidates) each.usage = [];
    for (const { usage } of second.candidates)
      for (const { cost, kind } of usage) if (kind === 1) delete cost?.microUsd;
    const table = rows(
      new Dom((await render([other], own, 'none')).page).table('What it cost, in US dollars'),
    );
    expect(table[1]).toEqual(['Round 0 (2 images)', 'not told', 'not told', 'not told', '$0.0176']);
    expect(table[2]).toEqual(['Round 1 (1 image)', 'unknown', '$0.0003', '$0.0007', '$0.009']);
  });

  test('tells who asked and who answered, with where p comes from', async () => {
    const table = rows((await dom()).table('Who answered: round 2, candidate 1'));
    const judge = 'qwen@qwen3-vl-8b/answer@1-3fa9c2d1';
    const asked = 'asked by organisation; passes from 0.60, fails up to 0.40; subject';
    expect(table).toContainEqual([
      'no-logo',
      asked,
      judge,
      '✓ passes',
      '0.34',
      '0.66',
      'from log-probabilities, kept from an earlier time',
      '',
    ]);
    expect(table).toContainEqual([
      'no-logo',
      '',
      judge,
      '✓ passes',
      '0.34',
      '0.66',
      'from log-probabilities, asked 2 times, second look',
      '',
    ]);
    expect(table).toContainEqual([
      'ground',
      'asked by rubrics/tiles/versions/3; passes from 0.60, fails up to 0.40; check background_colour; background',
      'builtin@1',
      '✓ passes',
      '0.97',
      '',
      'measured of the pixels',
      '{"share":0.97}',
    ]);
  });

  test('tells what a held-out judge and the control arm say of the cycle', async () => {
    const page = await dom();
    expect(rows(page.table('What gemini answers'))).toEqual([
      ['Question', 'The best of round 0 (round 0, candidate 1)', 'The result (round 2, candidate 1)'],
      ['Are there exactly three lemons?', '✗ fails p 0.10', '✓ passes p 0.80 ▲ mended'],
      ['Score', '3 of 4 required questions pass, mean p 0.75', '4 of 4 required questions pass, mean p 1.00'],
    ]);
    expect(page.all('p').map(text)).toContain(
      'Without refinement, 3 images of the first prompt would not have been approved, where the cycle was (the cycle made 4). The best of them: 3 of 4 required questions pass, mean p 0.40. Its own images cost $0.0087.',
    );
  });

  test('has headings in order, a caption for each table, and a name for each part that scrolls', async () => {
    const page = await dom();
    const levels = page.elements.flatMap(({ tagName }) =>
      /^h\d$/.test(tagName) ? [Number(tagName[1])] : [],
    );
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of levels.entries())
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    for (const table of page.all('table'))
      expect(within(table, 'caption').map(text)).toEqual([expect.stringMatching(/./)]);
    for (const part of page.all('div', 'scroll')) expect(attribute(part, 'aria-label')).not.toBe('');
  });
});

describe('a report of several', () => {
  const shelf = new Shelf();
  const records = [1, 2, 3].map((number) => fullRecord(generationName(number), shelf.recordImages()));
  const [, second] = records;
  if (second === undefined) throw new Error('no record');
  second.outcome = Outcome.EXHAUSTED;
  delete second.review;

  test('begins with what they come to together, with intervals', async () => {
    const page = new Dom((await render(records, shelf)).page);
    expect(page.errors).toEqual([]);
    expect(reachesOut(page)).toEqual([]);
    expect(rows(page.table('How 3 generations ended; intervals after Wilson'))).toEqual([
      ['Outcome', 'Count', 'Share', '95 % interval', ''],
      ['✓ Approved', '2', '67 %', '21 to 94 %', ''],
      ['✗ Exhausted', '1', '33 %', '6 to 79 %', ''],
    ]);
    const figures = page.all('div', 'figure').map(text);
    expect(figures).toEqual([
      'Approved at the end67 %2 of 3 (67 %; 95 %: 21 to 94 %)',
      'Approved at round 00 %0 of 3 (0 %; 95 %: 0 to 56 %)',
      'Approved by people100 %2 of 2 (100 %; 95 %: 34 to 100 %)',
      `Cost of an approved image${formatMicroUsd((3n * COSTS.all) / 2n)}2 approved images`,
      `Cost in all${formatMicroUsd(3n * COSTS.all)}3 generations, 9 rounds, 12 images`,
    ]);
    const failing = rows(page.table('How often a question does not pass'));
    expect(
      failing.slice(1).map(([question = '', first, end]) => [question.split(' ').at(-1), first, end]),
    ).toEqual([
      ['call', '3 of 3 (100 %; 95 %: 44 to 100 %)', '3 of 3 (100 %; 95 %: 44 to 100 %)'],
      ['rubrics/tiles/versions/3', '3 of 3 (100 %; 95 %: 44 to 100 %)', '0 of 3 (0 %; 95 %: 0 to 56 %)'],
    ]);
  });

  test('leads to each of them, folded away under its outcome and results', async () => {
    const page = new Dom((await render(records, shelf)).page);
    const links = within(page.table('Each generation, in the order of this report'), 'a');
    const targets = links.map((link) => attribute(link, 'href').slice(1));
    expect(page.all('div', 'generation-body').map((body) => attribute(body, 'id'))).toEqual(targets);
    expect(new Set(targets).size).toBe(3);
    for (const fold of page.all('details', 'generation')) {
      const [head] = within(fold, 'summary');
      if (head === undefined) throw new Error('no head');
      expect(within(head, 'h3').map(text)).toEqual(['item: lemons · count: 3']);
      expect(within(head, 'img')).toHaveLength(1);
    }
  });

  test.each([
    // The result of each stands at its head and, where all are shown, among the rounds too.
    ['all', 3 * (6 + 1)],
    ['results', 3],
    ['none', 0],
  ] as const)('with images %s embeds %i', async (mode, count) => {
    const { page, tally } = await render(records, shelf, mode);
    expect(new Dom(page).all('img')).toHaveLength(count);
    expect(tally).toMatchObject({ embedded: count, leftOut: 0 });
  });
});

describe('images', () => {
  test('that are too large, or find no room, are left out, and that is said', async () => {
    const { record, shelf } = shelvedRecord();
    const large = record.rounds[0]?.candidates[1]?.image;
    const size = Number(record.rounds[0]?.candidates[0]?.image?.sizeBytes);
    if (large === undefined) throw new Error('no image');
    large.sizeBytes = 9n * 1024n * 1024n;
    const { page, tally } = await render([record], shelf, 'all', {
      each: 8 * 1024 * 1024,
      all: 3 * size + 10,
    });
    expect(tally).toMatchObject({ embedded: 3, leftOut: 3, bytes: expect.any(Number) });
    expect(tally.bytes).toBeLessThanOrEqual(3 * size + 10);
    const gaps = new Dom(page).all('p', 'no-picture').map((gap) => attribute(gap, 'aria-label'));
    expect(gaps).toContain(
      'Round 0, candidate 2: item: lemons · count: 3: 9.0 MiB; a report takes images of up to 8.0 MiB',
    );
    expect(gaps.join()).toContain('the images before it fill the 0.0 MiB that a report takes in all');
    // What finds no room is not fetched either, and the result has room first.
    expect(shelf.reads).toHaveLength(3);
    expect(shelf.reads[0]).toBe(record.results[0]?.image?.name);
    expect(text(new Dom(page).one('footer'))).toContain(
      '3 images are embedded (0.0 MiB), 3 left out; each says why',
    );
  });

  test('that are gone leave a gap, and what is no image never gets in', async () => {
    const shelf = new Shelf();
    const script = shelf.add(
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    );
    const { made, reference } = shelf.recordImages();
    const record = fullRecord(generationName(1), {
      made: [made[0], script, made[2], made[3], made[4]],
      reference,
    });
    shelf.delete(made[0]);
    const { page, tally } = await render([record], shelf);
    expect(tally).toMatchObject({ embedded: 4, leftOut: 2 });
    const gaps = new Dom(page).all('p', 'no-picture').map(text);
    expect(gaps).toContain(`▧ There is no ${made[0].name}.`);
    expect(gaps).toContain('▧ The bytes are not a PNG, JPEG or WebP image.');
  });

  test('that cannot be fetched since the platform is away end the report', async () => {
    const { record } = shelvedRecord();
    const away = new AtelierError(Code.UNAVAILABLE, 'away');
    const shelf = new Shelf();
    shelf.find = () => Promise.reject(away);
    shelf.read = () => Promise.reject(away);
    await expect(render([record], shelf)).rejects.toBe(away);
  });
});

describe('what records say', () => {
  const payloads = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus='",
    '</style><style>@import "https://evil.example"</style>',
    '</title><base href="https://evil.example">',
    '--><!--',
    '<![CDATA[<script>]]>',
    'javascript:alert(1)',
    'data:text/html;base64,PHNjcmlwdD4=',
    'https://evil.example/"onmouseover="alert(1)',
    '&lt;script&gt;&#60;script&#62;',
    '\u2028\u2029\u0000\u001b[31m',
  ];

  test('cannot break out of the page, wherever it stands', async () => {
    const { record, shelf } = shelvedRecord();
    const text = fc.oneof(fc.constantFrom(...payloads), fc.string({ unit: 'binary', maxLength: 30 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        async (texts, isAlone) => {
          let next = 0;
          const bad = poison(record, (original) => {
            next += 1;
            // Half of the names stay, so that images are found and the whole page is made.
            return original.startsWith('images/') && next % 2 === 0
              ? original
              : (texts[next % texts.length] ?? '');
          });
          const { page } = await render(isAlone ? [bad] : [bad, record], shelf);
          const dom = new Dom(page);
          expect(reachesOut(dom)).toEqual([]);
          // The page is whole: nothing that stands in it swallowed the rest.
          expect(dom.all('footer')).toHaveLength(1);
          expect(dom.all('style')).toHaveLength(1);
          expect(dom.all('meta')).toHaveLength(6);
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });

  test.each(payloads.slice(0, 11))('%j is read as it was written', async (payload) => {
    const { record, shelf } = shelvedRecord();
    const [first] = record.rounds;
    if (first?.prompt === undefined) throw new Error('no prompt');
    first.prompt.text = payload;
    const [card] = new Dom((await render([record], shelf, 'none')).page).all('article');
    expect(card === undefined ? '' : within(card, 'p').map(rawText)[0]).toBe(`Prompt ${payload}`);
  });
});
