import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { OnUnsupported, OutputFormat } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  type CandidateResult,
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type AdapterClients,
  download,
  generate,
  openStage,
  type Stage,
  startAdapter,
  type Told,
} from '../harness.ts';
import { largePicture, picture } from './pictures.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';
import type { Scene, VendorScript } from './vendor-script.ts';

const COLOURS = ['#c03020', '#20a040', '#3050c0'];

/** Statuses with which every vendor refuses a submit, and what each is taken for. */
const STATUSES: readonly (readonly [number, FailureClass])[] = [
  [401, FailureClass.AUTH],
  [402, FailureClass.ACCOUNT],
  [422, FailureClass.INVALID_REQUEST],
  [500, FailureClass.UNAVAILABLE],
];

/**
 * What every provider has to do, whatever its protocol: one paid submit for each native request, and a typed end for each
 * candidate. The vendor is played by a script.
 */
export function describeConformance(script: VendorScript): void {
  describe(`${script.type} conforms`, () => {
    let stage: Stage;
    let server: ScriptedServer;
    let adapter: AdapterClients & AsyncDisposable;
    let run = 0;

    const variables = (origin: string) => {
      const prefix = `PROVIDER_${script.type.toUpperCase().replaceAll('-', '_')}`;
      return { ...script.env(origin), [`${prefix}_POLL_MS`]: '1', FETCH_ALLOWED_ORIGINS: server.origin };
    };
    const request = (model: string, parameters = {}) => ({
      model: `models/${model}`,
      prompt: 'a red apple on a table',
      layers: [{ source: ValueSource.CALL, parameters }],
      onUnsupported: OnUnsupported.IGNORE,
      allowExperimental: true,
    });
    const make = async (
      count = 1,
      { model = script.model, parameters = {}, clients = adapter as AdapterClients } = {},
    ): Promise<Told & { readonly all: readonly CandidateResult[] }> => {
      run += 1;
      const candidates = Array.from({ length: count }, (_, index) => ({
        key: `generations/${run}/0/${index}`,
      }));
      const options = { principal: stage.caller() };
      const told = await generate(clients, { request: request(model, parameters), candidates }, options);
      return { ...told, all: candidates.map(({ key }) => told.results.get(key) as CandidateResult) };
    };
    const images = (...pictures: (Buffer | undefined)[]): Scene => ({ kind: 'images', images: pictures });
    const one = () => picture(COLOURS[0] as string, script.mediaType);

    beforeAll(async () => {
      stage = await openStage();
      server = await startScriptedServer(script);
      adapter = await startAdapter(stage, {}, variables(server.origin));
      // The same model with little patience, so that what never ends does not take long to do so.
      const { model } = await adapter.catalog.getModel(
        { name: `models/${script.model}` },
        { principal: platform() },
      );
      const impatient = { ...model, name: 'models/impatient', typicalLatencyMs: 1n, etag: '' };
      await adapter.catalog.registerModel({ model: impatient as never }, { principal: platform() });
    });
    const platform = () => stage.caller('teams/platform', ['platform-admin']);

    afterAll(async () => {
      await adapter[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await stage[Symbol.asyncDispose]();
    });

    const expectFailure = (result: CandidateResult | undefined, classes: readonly FailureClass[]) => {
      expect(result).toMatchObject({ state: CandidateState.FAILED });
      expect(classes).toContain(result?.failure?.class);
      const said = result?.failure?.message ?? '';
      for (const secret of Object.values(script.env('-')))
        if (secret.length > 7) expect(said).not.toContain(secret);
    };

    test('a success: the very bytes are stored, and what they cost is told', async () => {
      const bytes = await one();
      server.play([images(bytes)]);
      const { all, started } = await make();
      expect(all).toMatchObject([{ state: CandidateState.SUCCEEDED }]);
      expect(server.submits).toBe(1);
      expect(await download(stage, all[0]?.image?.name ?? '', stage.caller())).toEqual(bytes);
      expect(all[0]?.usage.length).toBeGreaterThan(0);
      for (const secret of Object.values(script.env('-'))) {
        if (secret.length > 7)
          expect(JSON.stringify(started?.nativeRequests.map(({ headers }) => headers))).not.toContain(secret);
      }
    });

    test('several images, each its own', async () => {
      const pictures = await Promise.all(COLOURS.map((colour) => picture(colour, script.mediaType)));
      const { nativeRequests } = await adapter.generation.translateRequest(
        { request: request(script.model), candidates: pictures.length },
        { principal: stage.caller() },
      );
      let next = 0;
      server.play(
        nativeRequests.map(({ images: count }) => {
          next += count;
          return images(...pictures.slice(next - count, next));
        }),
      );
      const { all } = await make(pictures.length);
      expect(all.map(({ state }) => state)).toEqual(pictures.map(() => CandidateState.SUCCEEDED));
      expect(server.submits).toBe(nativeRequests.length);
      expect(new Set(all.map(({ image }) => image?.sha256)).size).toBe(pictures.length);
    });

    test('what was made survives what failed', async () => {
      const { nativeRequests } = await adapter.generation.translateRequest(
        { request: request(script.model), candidates: 2 },
        { principal: stage.caller() },
      );
      const bytes = await one();
      const isTogether = nativeRequests.length === 1;
      server.play(isTogether ? [images(bytes, undefined)] : [images(bytes), { kind: 'status', status: 500 }]);
      const { all } = await make(2);
      const states = all.map(({ state }) => state);
      expect(states.filter((state) => state === CandidateState.SUCCEEDED)).toHaveLength(1);
      expect(states.filter((state) => state !== CandidateState.SUCCEEDED)).toHaveLength(1);
    });

    for (const [form, expected] of Object.entries(script.refusals))
      test(`refusal: ${form}`, async () => {
        server.play([{ kind: 'refusal', form }]);
        const [result] = (await make()).all;
        expect(result).toMatchObject({ state: CandidateState.REFUSED, refusal: { stage: expected.stage } });
        if (expected.categories !== undefined)
          expect(result?.refusal?.categories).toEqual(expected.categories);
        expect(result?.refusal?.message).not.toContain('red apple');
        expect(server.submits).toBe(1);
      });

    test.each(STATUSES)('status %i', async (status, failureClass) => {
      server.play([{ kind: 'status', status }]);
      expectFailure((await make()).all[0], [failureClass]);
      expect(server.submits).toBe(1);
    });

    test.each([
      ['with', { retryAfter: 0 }],
      ['without', {}],
    ])('status 429 %s Retry-After: once more, and then it goes', async (_name, more) => {
      server.play([{ kind: 'status', status: 429, ...more }, images(await one())]);
      expect((await make()).all).toMatchObject([{ state: CandidateState.SUCCEEDED }]);
      expect(server.submits).toBe(2);
    });

    test('a submit that takes too long', async () => {
      server.play([{ kind: 'pending' }]);
      const [result] = (await make(1, { model: 'impatient' })).all;
      expectFailure(result, [FailureClass.UNKNOWN_OUTCOME, FailureClass.TIMEOUT]);
      expect(result?.usage.some(({ cost }) => cost?.basis === CostBasis.ACTUAL)).toBe(false);
      expect(server.submits).toBe(1);
    });

    test('no connection: nothing was sent', async () => {
      const free = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => free.once('listening', resolve));
      const nobody = `http://127.0.0.1:${(free.address() as AddressInfo).port}`;
      await new Promise((resolve) => free.close(resolve));
      await using other = await startAdapter(stage, {}, variables(nobody));
      server.play([images(await one())]);
      expectFailure((await make(1, { clients: other })).all[0], [FailureClass.UNAVAILABLE]);
    });

    test.each(['lost', 'truncated'] as const)(
      'an answer that is %s is never asked for again',
      async (accident) => {
        server.play([images(await one())], accident);
        const [result] = (await make()).all;
        expect(server.submits).toBe(1);
        if (script.canLookUpLostSubmit) expect(result).toMatchObject({ state: CandidateState.SUCCEEDED });
        else {
          expectFailure(result, [FailureClass.UNKNOWN_OUTCOME]);
          // Somebody may have to pay for it.
          expect(result?.usage.length).toBeGreaterThan(0);
        }
      },
    );

    test.each(['malformed', 'empty'] as const)('an answer that is %s is a bad one', async (accident) => {
      server.play([images(await one())], accident);
      const [result] = (await make()).all;
      expect(server.submits).toBe(1);
      if (result?.state !== CandidateState.SUCCEEDED || !script.canLookUpLostSubmit) {
        expectFailure(result, [FailureClass.BAD_ANSWER, FailureClass.UNKNOWN_OUTCOME]);
      }
    });

    test('another size and format than was asked for is recorded', async () => {
      const type = script.mediaType === 'image/jpeg' ? 'image/webp' : 'image/jpeg';
      server.play([images(await picture('#888888', type, 60, 40))]);
      const parameters = { outputFormat: OutputFormat.PNG, size: { width: 1_024, height: 1_024 } };
      const { all, started } = await make(1, { parameters });
      expect(all).toMatchObject([
        { state: CandidateState.SUCCEEDED, image: { mediaType: type, width: 60, height: 40 } },
      ]);
      const isNative = (field: string) =>
        started?.receipt?.fields.some(
          (entry) => entry.field === field && entry.disposition === FieldDisposition.NATIVE,
        );
      const recorded = all[0]?.mismatches.map(({ field }) => field) ?? [];
      if (isNative('output_format')) expect(recorded).toContain('output_format');
      if (isNative('size')) expect(recorded).toContain('size');
    });

    test('what is no image is a bad answer', async () => {
      server.play([images(Buffer.from('<html>An error occurred</html>'.repeat(4)))]);
      expectFailure((await make()).all[0], [FailureClass.BAD_ANSWER]);
      expect(server.submits).toBe(1);
    });

    test('cancelled while it runs', async () => {
      server.play([{ kind: 'pending' }]);
      const making = make();
      const submit = await server.seen(script.isSubmit);
      const isAsynchronous =
        script.reply(submit, { ...server, scene: { kind: 'pending' }, memory: new Map() }) !== undefined;
      // Once it is looked at, the job's id is known.
      if (isAsynchronous) await server.seen((seen) => seen !== submit && !script.isSubmit(seen));
      const keys = [`generations/${run}/0/0`];
      await adapter.generation.cancelGenerateImages({ keys }, { principal: stage.caller() });
      expect((await making).all).toMatchObject([{ state: CandidateState.CANCELLED }]);
      if (script.isCancel !== undefined) await server.seen(script.isCancel);
      expect(server.submits).toBe(1);
    });

    test('a process that stops cancels nothing that can be looked up', async () => {
      server.play([{ kind: 'pending' }]);
      const other = await startAdapter(
        stage,
        {},
        { ...variables(server.origin), PROVIDER_ADAPTER_DRAIN_GRACE: '1ms' },
      );
      const making = make(1, { clients: other }).catch(() => undefined);
      const submit = await server.seen(script.isSubmit);
      const isAsynchronous =
        script.reply(submit, { ...server, scene: { kind: 'pending' }, memory: new Map() }) !== undefined;
      if (isAsynchronous) await server.seen((seen) => seen !== submit && !script.isSubmit(seen));
      await other[Symbol.asyncDispose]();
      await making;
      // A vendor that answers at once has nothing that a later process could fetch.
      if (isAsynchronous) expect(server.requests.filter((seen) => script.isCancel?.(seen))).toEqual([]);
      expect(server.submits).toBe(1);
    });

    if (script.givesUrls)
      test('a result at a private address is not fetched', async () => {
        let hits = 0;
        const inside = createServer((_request, response) => {
          hits += 1;
          response.end();
        }).listen(0, '127.0.0.1');
        await new Promise((resolve) => inside.once('listening', resolve));
        const url = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/secret.png`;
        server.play([{ kind: 'result_at', url }]);
        expectFailure((await make()).all[0], [FailureClass.BAD_ANSWER]);
        expect(hits).toBe(0);
        expect(server.submits).toBe(1);
        await new Promise((resolve) => inside.close(resolve));
      });

    test('an image of 40 MB', async () => {
      const bytes = await largePicture();
      expect(bytes.length).toBeGreaterThan(40_000_000);
      server.play([images(bytes)]);
      const [result] = (await make()).all;
      expect(result).toMatchObject({
        state: CandidateState.SUCCEEDED,
        image: { width: 3_700, height: 3_700 },
      });
      expect(Number(result?.image?.sizeBytes)).toBe(bytes.length);
    });
  });
}
