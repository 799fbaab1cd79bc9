import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@atelier/observability';
import { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  CandidateState,
  GenerateImagesStartedSchema,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ModelSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { type Image, ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { unavailable } from '@atelier/rpc';
import { create, type JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import sharp from 'sharp';
import { Spool } from '../spool/spool.ts';
import type { Intent, JournalEntry } from './journal/submission-journal.ts';
import { RequestRun, type RunOptions } from './request-run.ts';
import { Seat } from './seat.ts';
import { encodeWork, type Work } from './work.ts';

let directory: string;
let spool: Spool;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-'));
  spool = new Spool(directory);
});

afterAll(async () => {
  await spool[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const KEYS = ['answered', 'open'];

function workOf(key: string): Work {
  return {
    key,
    team: 'teams/shop',
    submitTime: new Date(0),
    model: create(ModelSchema, { name: 'models/m', provider: 'p' }),
    task: Task.GENERATE,
    prompt: 'a ball',
    body: {},
    keys: KEYS,
    index: KEYS.indexOf(key),
    seed: undefined,
    sentSize: undefined,
    references: [],
    finish: {},
    expected: {},
    conditions: {},
    lineage: undefined,
    started: create(GenerateImagesStartedSchema, {}),
  };
}

test('a look-up that fails neither fails a candidate that has its image nor gives the lease away meanwhile', async () => {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#336699' } })
    .png()
    .toBuffer();
  const file = await spool.write(bytes);
  const members = KEYS.map((key) => ({ seat: new Seat(key, key, {}), work: workOf(key) }));
  const entry = (key: string, answer?: JsonObject): JournalEntry => ({
    intent: encodeWork(workOf(key)),
    jobId: undefined,
    answer,
    result: undefined,
    isCancelRequested: false,
  });
  const order: string[] = [];
  const asked = Promise.withResolvers<void>();
  const stored = Promise.withResolvers<Image>();
  const away = unavailable('The references cannot be loaded.', { reason: 'SERVICE_UNREACHABLE' });
  const journal = {
    lease: async () => ({ assertHeld() {}, release: async () => void order.push('released') }),
    // The last two reads find out whether all intents are there.
    read: async (id: string) => entry(id, id === 'answered' ? {} : undefined),
    spooled: async () => file,
    finish: async (_lease: unknown, id: Intent['id']) => void order.push(`finished ${id}`),
  };
  const options = {
    journal,
    submitter: {
      reconcile: async () => {
        throw away;
      },
    },
    store: {
      keep: () => {
        asked.resolve();
        return stored.promise;
      },
    },
    spool,
    keeping: pLimit(1),
    now: () => new Date(0),
    log: createLogger({ service: 'test', level: 'silent' }),
    recordEnd: () => {},
    stopping: new AbortController().signal,
  };
  const running = new RequestRun(members, undefined, options as unknown as RunOptions).run();
  running.catch(() => {});
  await asked.promise;
  await expect(members[1]?.seat.ended).rejects.toBe(away);
  expect(order).toEqual([]);
  stored.resolve(create(ImageSchema, {}));
  await running;
  expect(await members[0]?.seat.ended).toMatchObject({ state: CandidateState.SUCCEEDED });
  expect(order).toEqual(['finished answered', 'released']);
});

test('what a request cost stands at its first image, though a candidate before it was refused', async () => {
  const square = { width: 8, height: 8, channels: 3, background: '#336699' } as const;
  const bytes = await sharp({ create: square }).png().toBuffer();
  const file = await spool.write(bytes);
  const members = KEYS.map((key) => ({ seat: new Seat(key, key, {}), work: workOf(key) }));
  const refusal = { stage: RefusalStage.OUTPUT, categories: [], message: 'No.' };
  const images = [
    { kind: 'refusal', refusal },
    { kind: 'image', bytes },
  ];
  const options = {
    journal: {
      lease: async () => ({ assertHeld() {}, release: async () => {} }),
      read: async () => undefined,
      begin: async () => true,
      answered: async () => {},
      spooled: async () => file,
      finish: async () => {},
    },
    submitter: { submit: async () => ({ kind: 'answered', answer: { images, microUsd: 4_000 } }) },
    store: { keep: async () => create(ImageSchema, {}) },
    spool,
    keeping: pLimit(1),
    now: () => new Date(0),
    log: createLogger({ service: 'test', level: 'silent' }),
    recordEnd: () => {},
    stopping: new AbortController().signal,
  };
  await new RequestRun(members, undefined, options as unknown as RunOptions).run();
  const [refused, made] = await Promise.all(members.map(({ seat }) => seat.ended));
  expect(refused).toMatchObject({ state: CandidateState.REFUSED, usage: [] });
  expect(made).toMatchObject({ state: CandidateState.SUCCEEDED, usage: [{ cost: { microUsd: 4_000n } }] });
});
