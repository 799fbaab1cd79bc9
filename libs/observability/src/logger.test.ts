import { describe, expect, test } from '@jest/globals';
import { createLogger, type LogLevel, scrub } from './index.ts';

function capture(level: LogLevel) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, log: createLogger({ service: 'storage', level, destination }) };
}

describe('createLogger', () => {
  test('writes the service, the level by name and the time', () => {
    const { lines, log } = capture('info');
    log.info({ image: 'images/1' }, 'committed');
    log.debug('unseen');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      service: 'storage',
      level: 'info',
      image: 'images/1',
      msg: 'committed',
    });
    expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('redacts sensitive fields at several depths', () => {
    const { lines, log } = capture('info');
    log.info({
      apiKey: 'hush1',
      request: { authorization: 'hush2', headers: { 'atelier-principal': 'hush3', 'x-api-key': 'hush4' } },
    });
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  test('writes an error with its causes, and its stack only for debugging', () => {
    const error = new Error('outer', {
      cause: Object.assign(new Error('key sk-abcdefgh1234'), { code: 'ECONN' }),
    });
    const quiet = capture('info');
    quiet.log.error({ err: error }, 'failed');
    expect(quiet.lines[0]?.err).toEqual({
      type: 'Error',
      message: 'outer',
      cause: { type: 'Error', message: 'key [redacted]', code: 'ECONN' },
    });
    const loud = capture('debug');
    loud.log.error({ err: error });
    expect(JSON.stringify(loud.lines[0])).toContain('logger.test.ts');
  });
});

test.each([
  ['Incorrect API key: sk-proj-abcdef123456', 'Incorrect API key: [redacted]'],
  ['Authorization: Bearer abc.def-ghi_jkl', 'Authorization: Bearer [redacted]'],
  ['GET http://s3/b/k?X-Amz-Signature=0a1b2c&x=1', 'GET http://s3/b/k?X-Amz-Signature=[redacted]&x=1'],
  ['redis://user:hunter2@host:6379', 'redis://user:[redacted]@host:6379'],
  ['the quick brown fox', 'the quick brown fox'],
])('scrub(%s)', (text, expected) => {
  expect(scrub(text)).toBe(expected);
});
