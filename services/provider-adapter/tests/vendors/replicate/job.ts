import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@atelier/config';
import type { JsonObject } from '@bufbuild/protobuf';
import { poll } from '../../../src/providers/http/poll.ts';
import type { Job } from '../../../src/providers/http/protocol.ts';
import { type Settings, settingsOf } from '../../../src/providers/http/settings.ts';
import { realImages } from '../../../src/providers/http/slot-images.ts';
import { sendRequest } from '../../../src/providers/http/transport.ts';
import type { WireRequest } from '../../../src/providers/http/wire-request.ts';
import { replicateRequest } from '../../../src/providers/replicate/request.ts';
import { Spool } from '../../../src/spool/spool.ts';
import { LocalJournal } from '../../../src/submit/journal/local.ts';
import type { ScriptedServer } from '../scripted-server.ts';
import { replicateScript } from './script.ts';

/** Settings of an instance whose API is a scripted server. */
export function settingsFor(
  { origin }: Pick<ScriptedServer, 'origin'>,
  more: Record<string, string> = {},
): Settings {
  const env = Object.entries({ ...replicateScript.env(origin), ...more }).map(
    ([name, value]) => [name.replace('PROVIDER_REPLICATE_', ''), value] as const,
  );
  const isSecret = (name: string) => /_(KEY|SECRET)$/.test(name);
  return settingsOf(
    {
      name: 'replicate',
      fields: new Map(env.filter(([name]) => !isSecret(name))),
      secrets: new Map(
        env.filter(([name]) => isSecret(name)).map(([name, value]) => [name, new Secret(value)]),
      ),
    },
    '',
  );
}

/** What a test says of a job. */
export interface JobOptions {
  readonly body?: JsonObject;
  readonly nativeModel?: string;
  readonly operation?: string;
  readonly images?: number;
  readonly submitTime?: Date;
  readonly webhookUrl?: string;
  readonly control?: AbortController;
  /** Another process's work on the same request has the same. */
  readonly group?: string;
}

/** A job as the submitter would make it, its request, and what it told. */
export interface MadeJob {
  readonly job: Job;
  readonly wire: WireRequest;
  readonly accepted: string[];
}

/** Makes jobs against a scripted server, with a spool of their own. */
export async function jobMaker(server: ScriptedServer) {
  const directory = await mkdtemp(join(tmpdir(), 'replicate-'));
  const spool = new Spool(directory);
  // Every job that is made is of a request of its own, as if each were in a process of its own.
  const claims = await mkdtemp(join(tmpdir(), 'claims-'));
  const journal = new LocalJournal(claims);
  let requests = 0;
  const make = (options: JobOptions = {}): MadeJob => {
    const { control = new AbortController(), webhookUrl, images = 1 } = options;
    const { signal } = control;
    const accepted: string[] = [];
    requests += 1;
    const group = options.group ?? `request-${requests}`;
    const settings = settingsFor(server, { WEBHOOK_SECRET: 'whsec_AAAA' });
    const submission = {
      key: 'generations/1/0/0',
      submitTime: options.submitTime ?? new Date(),
      nativeModel: options.nativeModel ?? 'black-forest-labs/flux-dev',
      operation: options.operation ?? '',
      body: options.body ?? { prompt: 'a red apple on a table', seed: 7 },
      images,
      image: () => {
        throw new Error('there is no image');
      },
    };
    const job: Job = {
      settings,
      submission,
      signal,
      spool,
      isGivenUp: () => signal.aborted,
      accepted: async (id) => void accepted.push(id),
      claimOf: (id) => journal.claimOf(group, id),
      claimJob: (id, isCertain) => journal.claimJob(group, id, isCertain),
      progress: () => {},
      send: (wire) => sendRequest(wire, signal),
      download: async (url) => spool.write(new Uint8Array(await (await fetch(url)).arrayBuffer())),
      poll: (look) => poll(look, { signal, firstMs: 1, longestMs: 1 }),
      ...(webhookUrl !== undefined && {
        webhook: { url: webhookUrl, woken: () => new Promise<void>(() => {}) },
      }),
    };
    const uploads = { get: () => 'data:image/png;base64,AAAA' };
    const wire = replicateRequest(submission, settings, realImages(submission.image, uploads), webhookUrl);
    return { job, wire, accepted };
  };
  return {
    make,
    spool,
    directory,
    [Symbol.asyncDispose]: async () => {
      await spool[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
      await rm(claims, { recursive: true, force: true });
    },
  };
}
