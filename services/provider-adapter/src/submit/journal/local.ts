import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@bufbuild/protobuf';
import type { SpooledFile } from '../../spool/spool.ts';
import { createDurably, isThere, makeDirectory, moveDurably, writeDurably } from './durable-file.ts';
import type { Intent, JournalEntry, Lease, SubmissionJournal } from './submission-journal.ts';

const FILES = {
  intent: 'intent.json',
  job: 'job.json',
  cancel: 'cancel.json',
  answer: 'answer.json',
  image: 'image.bin',
  result: 'result.json',
} as const;

/** With one replica there is nobody who could take over. */
const LEASE: Lease = { assertHeld: () => {}, release: async () => {} };

/** The journal on local disk, for one replica: a directory for each submission. Ids are file names. */
export class LocalJournal implements SubmissionJournal {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async read(id: string): Promise<JournalEntry | undefined> {
    const intent = await this.#json(id, 'intent');
    if (intent === undefined) return undefined;
    const [job, answer, result, cancel] = await Promise.all([
      this.#json(id, 'job'),
      this.#json(id, 'answer'),
      this.#json(id, 'result'),
      this.#json(id, 'cancel'),
    ]);
    const jobId = typeof job?.jobId === 'string' ? job.jobId : undefined;
    return { intent, jobId, answer, result, isCancelRequested: cancel !== undefined };
  }

  async lease(): Promise<Lease> {
    return LEASE;
  }

  /** Nobody else changes anything. */
  async changed(): Promise<void> {}

  async begin(_lease: Lease, intents: readonly Intent[]): Promise<boolean> {
    const known = await Promise.all(intents.map(({ id }) => isThere(this.#path(id, 'intent'))));
    if (known.includes(true)) return false;
    for (const { id, intent } of intents) {
      await makeDirectory(this.#directory(id));
      if (!(await createDurably(this.#path(id, 'intent'), JSON.stringify(intent)))) return false;
    }
    return true;
  }

  async accepted(_lease: Lease, id: string, jobId: string): Promise<void> {
    await writeDurably(this.#path(id, 'job'), JSON.stringify({ jobId }));
  }

  async answered(_lease: Lease, id: string, answer: JsonObject, image: SpooledFile): Promise<void> {
    // The answer comes last: where it is there, its image is.
    const { sizeBytes, sha256 } = await moveDurably(image, this.#path(id, 'image'));
    await writeDurably(this.#path(id, 'answer'), JSON.stringify({ ...answer, image: { sizeBytes, sha256 } }));
  }

  async spooled(id: string): Promise<SpooledFile | undefined> {
    const path = this.#path(id, 'image');
    const answer = await this.#json(id, 'answer');
    const { sizeBytes, sha256 } = (answer?.image ?? {}) as Partial<SpooledFile>;
    if (sizeBytes === undefined || sha256 === undefined || !(await isThere(path))) return undefined;
    return { path, sizeBytes, sha256 };
  }

  async finish(_lease: Lease, id: string, result: JsonObject): Promise<void> {
    await writeDurably(this.#path(id, 'result'), JSON.stringify(result));
    await rm(this.#path(id, 'image'), { force: true });
  }

  async requestCancel(id: string): Promise<boolean> {
    const entry = await this.read(id);
    if (entry === undefined || entry.result !== undefined) return false;
    await writeDurably(this.#path(id, 'cancel'), '{}');
    return true;
  }

  onCancelRequest(): void {}

  letGo(): void {}

  async forget(finishedBefore: Date): Promise<number> {
    let forgotten = 0;
    for (const shard of await list(this.#root)) {
      for (const id of await list(join(this.#root, shard))) {
        if (!(await this.#wasFinishedBefore(id, finishedBefore))) continue;
        await rm(this.#directory(id), { recursive: true, force: true });
        forgotten += 1;
      }
    }
    return forgotten;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #wasFinishedBefore(id: string, time: Date): Promise<boolean> {
    try {
      return (await stat(this.#path(id, 'result'))).mtime < time;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async #json(id: string, file: keyof typeof FILES): Promise<JsonObject | undefined> {
    try {
      return JSON.parse(await readFile(this.#path(id, file), 'utf8')) as JsonObject;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Sharded by the first two characters, so that no directory grows beyond what file systems like. */
  #directory(id: string): string {
    return join(this.#root, id.slice(0, 2), id);
  }

  #path(id: string, file: keyof typeof FILES): string {
    return join(this.#directory(id), FILES[file]);
  }
}

async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ENOENT';
}
