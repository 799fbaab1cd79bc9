import { describe, expect, test } from '@jest/globals';
import { checks, ParamError } from '../../src/checks/index.ts';

const parse = (kind: string, params: Record<string, unknown>) => checks.get(kind)?.parse(params);

describe('bad parameters name their field', () => {
  const cases: [kind: string, params: Record<string, unknown>, field: string][] = [
    ['minimum_size', {}, 'short_side'],
    ['minimum_size', { width: 0 }, 'width'],
    ['minimum_size', { width: 12.5 }, 'width'],
    ['minimum_size', { width: 'wide' }, 'width'],
    ['minimum_size', { widht: 512 }, 'short_side'],
    ['minimum_size', { width: 512, depth: 3 }, 'depth'],
    ['aspect_ratio', {}, 'ratio'],
    ['aspect_ratio', { ratio: '16 to 9' }, 'ratio'],
    ['aspect_ratio', { ratio: '1:0' }, 'ratio'],
    ['aspect_ratio', { ratio: '1:1', tolerance: 2 }, 'tolerance'],
    ['format', {}, 'formats'],
    ['format', { formats: ['bmp'] }, 'formats'],
    ['format', { formats: [7] }, 'formats'],
    ['transparency', { expect: 'maybe' }, 'expect'],
    ['not_blank', { min_share: -1 }, 'min_share'],
    ['sharpness', { max_edge_width_px: Number.NaN }, 'max_edge_width_px'],
    ['background_colour', { colour: 'blurple' }, 'colour'],
    ['background_colour', { colour: '#12345' }, 'colour'],
    ['background_colour', { min_plainness: 0 }, 'colour'],
    ['background_colour', { colour: 'white', tolerance: 0 }, 'tolerance'],
    ['dominant_colour', {}, 'colour'],
    ['dominant_colour', { colour: ['red'] }, 'colour'],
    ['object_count', {}, 'count'],
    ['object_count', { count: -1 }, 'count'],
    ['object_count', { count: 1.5 }, 'count'],
    ['object_count', { count: 2, min: 1 }, 'count'],
    ['object_count', { min: 5, max: 3 }, 'min'],
    ['subject_centred', { max_offset: 3 }, 'max_offset'],
    ['subject_centred', { axis: 'diagonal' }, 'axis'],
    ['frame_share', { min: 0.5, max: 0.2 }, 'min'],
    ['frame_share', { of: 'volume' }, 'of'],
    ['text_present', { text: '!!', mode: 'fuzzy' }, 'text'],
    ['text_present', { text: 'x'.repeat(201) }, 'text'],
    ['text_present', { text: 'x', only: 'perhaps' }, 'only'],
    ['duplicate_of', { reference: 0 }, 'reference'],
    ['likeness', { min_likeness: 7 }, 'min_likeness'],
  ];
  test.each(cases)('%s %j: %s', (kind, params, field) => {
    expect(() => parse(kind, params)).toThrow(ParamError);
    expect(() => parse(kind, params)).toThrow(expect.objectContaining({ field }));
  });
});

describe('good parameters', () => {
  test('numbers and flags may be text, as templates render them', () => {
    expect(parse('object_count', { count: '3' })).toEqual(parse('object_count', { count: 3 }));
    expect(parse('text_present', { text: 'x', only: 'true' })).toMatchObject({ only: true });
    expect(parse('format', { formats: 'PNG, jpg' })).toEqual({ formats: ['png', 'jpeg'] });
  });

  test('what renders to nothing counts as left out', () => {
    expect(parse('background_colour', { colour: ' ' })).toMatchObject({ colour: undefined });
    expect(parse('frame_share', { min: '', max: null })).toEqual(parse('frame_share', {}));
  });

  test('colours are known by name in both spellings, by alias and by hex', () => {
    const same = (a: string, b: string) =>
      expect(
        (parse('dominant_colour', { colour: a }) as { colour: { examples: unknown } }).colour.examples,
      ).toEqual(
        (parse('dominant_colour', { colour: b }) as { colour: { examples: unknown } }).colour.examples,
      );
    same('light gray', 'Light  Grey');
    same('light_grey', 'lightgrey');
    same('off-white', 'off white');
    same('#fff', '#FFFFFF');
    same('navy blue', 'navy');
  });

  test('every check accepts what it needs at least', () => {
    const least: Record<string, Record<string, unknown>> = {
      minimum_size: { width: 512 },
      aspect_ratio: { ratio: '1:1' },
      format: { formats: 'png' },
      dominant_colour: { colour: 'red' },
      object_count: { count: 1 },
    };
    for (const kind of checks.keys()) expect(parse(kind, least[kind] ?? {})).toBeDefined();
    expect(checks.size).toBe(14);
  });
});
