import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { GuardedFetcher, type GuardedFetcherOptions } from './guarded-fetcher.ts';

let server: Server;
let origin: string;
let png: Buffer;
const seen: string[] = [];

beforeAll(async () => {
  png = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer();
  server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  seen.push(path);
  const redirect = (location: string) => response.writeHead(302, { location }).end();
  if (path === '/image.png') response.writeHead(200, { 'content-type': 'text/html' }).end(png);
  else if (path === '/zip.png')
    response.writeHead(200, { 'content-type': 'image/png' }).end('PK\u0003\u0004zip');
  else if (path === '/cut.png') response.writeHead(200).end(png.subarray(0, 60));
  else if (path === '/lie') response.writeHead(200, { 'content-length': '999999999' }).flushHeaders();
  else if (path === '/endless') flood(response);
  else if (path === '/silent') return;
  else if (path === '/hop') redirect('/image.png');
  else if (path === '/loop') redirect('/loop');
  else if (path === '/to-metadata') redirect('http://169.254.169.254/latest/meta-data');
  else if (path === '/to-file') redirect('file:///etc/passwd');
  else if (path === '/to-other-port') redirect('http://127.0.0.1:1/');
  else response.writeHead(404).end();
}

function flood(response: ServerResponse): void {
  response.writeHead(200);
  const chunk = Buffer.alloc(65_536);
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}

function fetcher(options: GuardedFetcherOptions = {}): GuardedFetcher {
  return new GuardedFetcher({ allowedOrigins: [origin], ...options });
}

describe('an allowed origin', () => {
  test('gives an image, told by its bytes and not by its header', async () => {
    const image = await fetcher().fetchImage(`${origin}/image.png`);
    expect(image).toMatchObject({ mediaType: 'image/png' });
    expect(image.bytes.equals(png)).toBe(true);
  });

  test('may redirect within what is allowed', async () => {
    expect((await fetcher().fetchImage(`${origin}/hop`)).mediaType).toBe('image/png');
  });

  test.each([
    ['/zip.png', 'NOT_AN_IMAGE'],
    ['/cut.png', 'NOT_AN_IMAGE'],
    ['/lie', 'IMAGE_TOO_LARGE'],
    ['/endless', 'IMAGE_TOO_LARGE'],
    ['/missing', 'URL_REFUSED'],
    ['/loop', 'URL_REFUSED'],
    ['/to-metadata', 'URL_REFUSED'],
    ['/to-file', 'URL_REFUSED'],
    ['/to-other-port', 'URL_REFUSED'],
  ])('%s is refused with %s', async (path, reason) => {
    const fetching = fetcher({ maxBytes: 1_000_000 }).fetchImage(`${origin}${path}`);
    await expect(fetching).rejects.toMatchObject({ codeName: 'INVALID_ARGUMENT', reason });
  });

  test('is refused where it gives too many pixels', async () => {
    const fetching = fetcher({ maxPixels: 1_000 }).fetchImage(`${origin}/image.png`);
    await expect(fetching).rejects.toMatchObject({ reason: 'IMAGE_TOO_LARGE' });
  });

  test('is given up when it is silent', async () => {
    const fetching = fetcher({ timeoutMs: 200 }).fetchImage(`${origin}/silent`);
    await expect(fetching).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
  });
});

describe('everything else', () => {
  const refused = { codeName: 'INVALID_ARGUMENT', reason: 'URL_REFUSED' };

  test.each([
    'file:///etc/passwd',
    'ftp://images.example/a.png',
    'data:image/png;base64,AAAA',
    'gopher://127.0.0.1/',
    'http://user:secret@images.example/a.png',
    'http://127.0.0.1/a.png',
    'http://2130706433/a.png',
    'http://0x7f.1/a.png',
    'http://0177.0.0.1/a.png',
    'http://[::1]/a.png',
    'http://[::ffff:127.0.0.1]/a.png',
    'http://[64:ff9b::7f00:1]/a.png',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost/a.png',
    'not a url',
  ])('%s is refused', async (uri) => {
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    await expect(new GuardedFetcher({ resolve }).fetchImage(uri)).rejects.toMatchObject(refused);
  });

  test('a name of which one address is private is refused', async () => {
    const resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    const fetching = new GuardedFetcher({ resolve }).fetchImage('https://images.example/a.png');
    await expect(fetching).rejects.toMatchObject(refused);
  });

  test('a name is resolved once, so that it cannot change between check and use', async () => {
    const port = Number(new URL(origin).port);
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const allowedOrigins = [`http://rebinding.example:${port}`];
    const before = seen.length;
    const image = await new GuardedFetcher({ resolve, allowedOrigins }).fetchImage(
      `http://rebinding.example:${port}/image.png`,
    );
    expect(image.mediaType).toBe('image/png');
    expect([asked, seen.length - before]).toEqual([1, 1]);
  });

  test('no message holds more of the address than its origin', async () => {
    const fetching = fetcher().fetchImage(`${origin}/missing?signature=secret`);
    await expect(fetching).rejects.toThrow(expect.not.stringContaining('secret'));
  });
});
