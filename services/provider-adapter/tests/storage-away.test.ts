import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createProxy, type Socket } from 'node:net';
import { ReferenceRole, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { CandidateState } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { ImageOrigin } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { generate, openStage, type Stage, startAdapter } from './harness.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

const call = () => ({ principal: stage.caller() });

/** A way to storage that can be closed and opened. */
async function gate(target: string) {
  const port = Number(target.split(':')[1]);
  const sockets = new Set<Socket>();
  let isOpen = false;
  const proxy = createProxy((socket) => {
    if (!isOpen) return socket.destroy();
    const upstream = connect(port, '127.0.0.1');
    for (const end of [socket, upstream]) {
      sockets.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        sockets.delete(end);
        socket.destroy();
        upstream.destroy();
      });
    }
    socket.pipe(upstream).pipe(socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    open: () => {
      isOpen = true;
    },
    shut: () => {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = once(proxy, 'close');
      proxy.close();
      await closed;
    },
  };
}

describe('while storage is away', () => {
  const request = (key: string) => ({
    request: { model: 'models/sandbox-approve', prompt: 'a ball' },
    candidates: [{ key }],
  });

  test('the service starts and translates, and what it does not know yet may be there', async () => {
    await using way = await gate(stage.storageUrl);
    await using adapter = await startAdapter(stage, {}, { STORAGE_URL: way.url });
    const translated = await adapter.generation.translateRequest(
      { request: { model: 'models/studio-draft', prompt: 'a ball' } },
      call(),
    );
    expect(translated.receipt?.model).toBe('models/studio-draft');
    await expect(adapter.catalog.getModel({ name: 'models/unknown' }, call())).rejects.toMatchObject({
      codeName: 'UNAVAILABLE',
      reason: 'SERVICE_UNREACHABLE',
      metadata: { service: 'storage' },
    });
  });

  test('an image that is made waits, and is stored once storage is back', async () => {
    await using way = await gate(stage.storageUrl);
    await using adapter = await startAdapter(stage, {}, { STORAGE_URL: way.url });
    const stream = adapter.generation.generateImages(request('waits'), { ...call(), timeoutMs: 50_000 });
    let state: CandidateState | undefined;
    for await (const { event } of stream) {
      if (event.case === 'progress' && event.value.phase === 'paused') way.open();
      if (event.case === 'result') state = event.value.state;
    }
    expect(state).toBe(CandidateState.SUCCEEDED);
  });

  test('one whose caller has no more right to store it is kept for the next call', async () => {
    await using way = await gate(stage.storageUrl);
    const clock = { now: new Date() };
    await using adapter = await startAdapter(stage, { now: () => clock.now }, { STORAGE_URL: way.url });
    const stream = adapter.generation.generateImages(request('kept'), { ...call(), timeoutMs: 50_000 });
    const outcome = (async () => {
      for await (const { event } of stream) {
        // The principal of the call lives for ten minutes.
        if (event.case === 'progress' && event.value.phase === 'paused') {
          clock.now = new Date(clock.now.getTime() + 3_600_000);
        }
      }
    })();
    await expect(outcome).rejects.toMatchObject({
      codeName: 'UNAVAILABLE',
      metadata: { service: 'storage' },
    });
    clock.now = new Date();
    way.open();
    const { results } = await generate(adapter, request('kept'), call());
    expect(results.get('kept')).toMatchObject({ state: CandidateState.SUCCEEDED, replayed: true });
  });
});

describe('a reference image from outside', () => {
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    const create = { width: 300, height: 300, channels: 3, background: '#ffffff' } as const;
    const png = await sharp({ create }).png().toBuffer();
    server = createServer((_request, response) => response.writeHead(200).end(png));
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

  const edit = (key: string) => ({
    request: {
      model: 'models/studio-pro',
      task: Task.EDIT,
      prompt: 'a plain blue background',
      layers: [
        {
          source: ValueSource.CALL,
          parameters: {
            size: { width: 256, height: 256 },
            referenceImages: [
              {
                source: { case: 'uri', value: `${origin}/a.png?signature=secret` } as const,
                role: ReferenceRole.INIT,
              },
            ],
          },
        },
      ],
    },
    candidates: [{ key }],
  });

  test('is fetched where its origin is allowed, and kept as an image of the team', async () => {
    await using adapter = await startAdapter(stage, {}, { FETCH_ALLOWED_ORIGINS: origin });
    const { results } = await generate(adapter, edit('fetched'), call());
    const name = results.get('fetched')?.image?.name ?? '';
    const { image } = await stage.images.getImage({ name }, call());
    const [reference] = (image?.lineage?.reference_images ?? []) as string[];
    const fetched = await stage.images.getImage({ name: reference ?? '' }, call());
    expect(fetched.image).toMatchObject({
      origin: ImageOrigin.FETCHED,
      lineage: { source: `${origin}/a.png` },
      ref: { width: 300, height: 300 },
    });
  });

  test('is refused where it is not, before anything is made', async () => {
    await using adapter = await startAdapter(stage);
    await expect(generate(adapter, edit('refused'), call())).rejects.toMatchObject({
      codeName: 'INVALID_ARGUMENT',
      reason: 'URL_REFUSED',
      fieldViolations: [{ field: 'parameters.reference_images' }],
    });
  });
});
