import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { KNOWN_NOUNS } from '../parse/lexicon.ts';
import { DRAWN_NOUNS, drawingOf, isDrawn } from './catalogue.ts';
import { Ink } from './ink.ts';

const SIDE = 200;
const MARGIN = 20;

/** Draws one noun on nothing and gives the box of what is not transparent, as shares of the noun's own box. */
async function inkedBox(noun: string, shading: 'flat' | 'shaded') {
  const drawing = drawingOf(noun);
  const ink = new Ink(shading, 'soft');
  const scale = (SIDE - 2 * MARGIN) / Math.max(drawing.width, drawing.height);
  const body = drawing.draw(ink, drawing.colours[0] ?? '#888888', { accent: '#d9534a' });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><defs>${ink.definitions()}</defs><g transform="translate(${MARGIN} ${MARGIN}) scale(${scale})">${body}</g></svg>`;
  const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  let [left, right, top, bottom, area] = [SIDE, -1, SIDE, -1, 0];
  for (let index = 0; index < SIDE * SIDE; index += 1) {
    if ((data[index * 4 + 3] ?? 0) < 128) continue;
    const x = index % SIDE;
    const y = (index - x) / SIDE;
    [left, right, top, bottom, area] = [
      Math.min(left, x),
      Math.max(right, x),
      Math.min(top, y),
      Math.max(bottom, y),
      area + 1,
    ];
  }
  return { left, top, right, bottom, area, width: drawing.width * scale, height: drawing.height * scale };
}

describe('drawings', () => {
  test('every word the parser knows has a drawing, and the other way round', () => {
    expect([...DRAWN_NOUNS].sort()).toEqual([...KNOWN_NOUNS].sort());
    expect(DRAWN_NOUNS.length).toBeGreaterThanOrEqual(30);
  });

  test.each([...DRAWN_NOUNS, 'stapler'])('%s fills its box and stays inside it', async (noun) => {
    for (const shading of ['flat', 'shaded'] as const) {
      const box = await inkedBox(noun, shading);
      expect(box.area).toBeGreaterThan(box.width * box.height * 0.15);
      expect(box.left).toBeGreaterThanOrEqual(MARGIN - 3);
      expect(box.top).toBeGreaterThanOrEqual(MARGIN - 3);
      expect(box.right).toBeLessThanOrEqual(MARGIN + box.width + 3);
      expect(box.bottom).toBeLessThanOrEqual(MARGIN + box.height + 3);
      expect(box.right - box.left).toBeGreaterThan(box.width * 0.88);
      expect(box.bottom - box.top).toBeGreaterThan(box.height * 0.88);
    }
  });

  test('a noun nobody taught is a package, and odd names are not looked up on the prototype', () => {
    for (const noun of ['stapler', 'constructor', '__proto__']) {
      expect(isDrawn(noun)).toBe(false);
      expect(drawingOf(noun).label).toBeDefined();
    }
  });
});
