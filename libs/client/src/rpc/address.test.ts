import { expect, test } from '@jest/globals';
import { parseAddress } from './address.ts';

test.each([
  ['127.0.0.1:50051', '127.0.0.1:50051', false, true],
  ['localhost:1', 'localhost:1', false, true],
  ['[::1]:50051', '[::1]:50051', false, true],
  ['atelier.example:443', 'atelier.example:443', false, false],
  ['http://127.0.0.1:50051/', '127.0.0.1:50051', false, true],
  ['https://atelier.example', 'atelier.example:443', true, false],
  ['dns:///atelier.example:50051', 'dns:///atelier.example:50051', false, false],
  ['dns:///localhost:50051', 'dns:///localhost:50051', false, true],
  ['ipv4:127.0.0.1:1,127.0.0.1:2', 'ipv4:127.0.0.1:1,127.0.0.1:2', false, true],
])('%s', (text, target, tls, isLoopback) => {
  expect(parseAddress(text)).toEqual({ target, tls, isLoopback });
});

test.each(['', 'atelier.example', 'ftp://x:1', 'a b:1', 'https://user@x:1', '127.0.0.1:50051/path'])(
  '"%s" is refused',
  (text) => {
    expect(() => parseAddress(text)).toThrow(TypeError);
  },
);
