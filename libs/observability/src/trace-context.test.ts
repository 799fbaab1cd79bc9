import { describe, expect, test } from '@jest/globals';
import { childTrace, formatTraceparent, newTrace, parseTraceparent } from './index.ts';

const HEADER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  test('is read and written back', () => {
    const trace = parseTraceparent(HEADER, 'vendor=1');
    expect(trace).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      flags: 1,
      state: 'vendor=1',
    });
    expect(trace && formatTraceparent(trace)).toBe(HEADER);
  });

  test.each([
    undefined,
    '',
    'garbage',
    HEADER.toUpperCase(),
    HEADER.replace('00-', 'ff-'),
    `${HEADER}-more`,
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  ])('%s is refused', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  test('a later version is read by its first fields', () => {
    expect(parseTraceparent(`${HEADER.replace('00-', '01-')}-more`)?.spanId).toBe('b7ad6b7169203331');
  });

  test('a child keeps the trace and names its parent', () => {
    const root = newTrace();
    const child = childTrace(root);
    expect(child).toMatchObject({ traceId: root.traceId, parentSpanId: root.spanId, flags: root.flags });
    expect(child.spanId).not.toBe(root.spanId);
    expect(parseTraceparent(formatTraceparent(child))?.traceId).toBe(root.traceId);
    expect(childTrace(undefined).parentSpanId).toBeUndefined();
  });
});
