import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { originGuard } from './origin-guard.ts';

const request = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;

const open = originGuard({
  allowedOrigins: ['https://console.example'],
  isOpen: true,
  publicUrl: 'http://127.0.0.1:8080',
  port: 8080,
});

describe('without authentication', () => {
  test.each([
    [{ host: '127.0.0.1:8080' }],
    [{ host: 'localhost:8080' }],
    [{ host: 'LOCALHOST:8080' }],
    [{ host: '[::1]:8080' }],
    [{ host: 'localhost:8080', origin: 'http://localhost:8080' }],
    [{ host: 'localhost:8080', origin: 'https://console.example' }],
  ])('%j is let through', (headers) => {
    expect(open.check(request(headers))).toBeUndefined();
  });

  test.each([
    [{}],
    [{ host: 'evil.example' }],
    [{ host: 'evil.example:8080' }],
    [{ host: 'localhost' }],
    [{ host: 'localhost:9090' }],
    [{ host: 'localhost:8080@evil.example' }],
    [{ host: '127.0.0.1.evil.example:8080' }],
    [{ host: 'localhost:8080', origin: 'https://evil.example' }],
    [{ host: 'localhost:8080', origin: 'http://localhost:3000' }],
    [{ host: 'localhost:8080', origin: 'null' }],
    [{ host: 'console.example' }],
  ])('%j is refused', (headers) => {
    expect(open.check(request(headers))).toMatchObject({ reason: 'ORIGIN_REFUSED' });
  });
});

test('with authentication the key decides, and only listed origins may read answers', () => {
  const guard = originGuard({
    allowedOrigins: ['https://console.example'],
    isOpen: false,
    publicUrl: 'https://images.example',
    port: 8080,
  });
  const foreign = request({ host: 'images.example', origin: 'https://evil.example' });
  expect(guard.check(foreign)).toBeUndefined();
  expect(guard.corsOrigin(foreign)).toBeUndefined();
  expect(guard.corsOrigin(request({ origin: 'https://console.example' }))).toBe('https://console.example');
  expect(guard.corsOrigin(request({}))).toBeUndefined();
});
