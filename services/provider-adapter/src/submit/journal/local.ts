import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@bufbuild/protobuf';
import pLimit from 'p-limit';
import type { JobClaim } from '../../providers/provider.ts';
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

/** Directory of the claims, one file for each job. */
const CLAIMS = 'claims';

/** With one replica there is nobody who could take over. */
const LEASE: Lease = { assertHeld: () => {}, release: async () => {} };

/** The journal on local disk, for one replica: a directory for each submission. Ids are file names. */
export class LocalJournal implements SubmissionJournal {
  readonly #root: string;
  /** Claims are looked at and written one after the other. */
  readonly #claiming = pLimit(1);

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

  async claimOf(group: string, job: string): Promise<JobClaim | undefined> {
    const claim = await this.#read(this.#claimPath(job));
    if (claim === undefined) return undefined;
    if (claim.by !== group) return 'taken';
    return claim.isCertain === true ? 'certain' : 'uncertain';
  }

  claimJob(group: string, job: string, isCertain: boolean): Promise<JobClaim> {
    return this.#claiming(async () => {
      const path = this.#claimPath(job);
      const claim = await this.#read(path);
      const isOthers = claim !== undefined && claim.by !== group;
      if (isOthers && (claim.isCertain === true || !isCertain)) return 'taken';
      if (!isOthers && claim?.isCertain === true) return 'certain';
      await makeDirectory(join(this.#root, CLAIMS));
      await writeDurably(path, JSON.stringify({ by: group, isCertain }));
      return isCertain ? 'certain' : 'uncertain';
    });
  }

  onCancelRequest(): void {}

  letGo(): void {}

  async forget(finishedBefore: Date): Promise<number> {
    await this.#forgetClaims(finishedBefore);
    let forgotten = 0;
    for (const shard of await list(this.#root)) {
      if (shard === CLAIMS) continue;
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

  async #forgetClaims(madeBefore: Date): Promise<void> {
    const directory = join(this.#root, CLAIMS);
    for (const name of await list(directory)) {
      const path = join(directory, name);
      if ((await stat(path)).mtime < madeBefore) await rm(path, { force: true });
    }
  }

  /** Ids of jobs are the provider's, and no file names. */
  #claimPath(job: string): string {
    return join(this.#root, CLAIMS, `${createHash('sha256').update(job).digest('hex')}.json`);
  }

  #json(id: string, file: keyof typeof FILES): Promise<JsonObject | undefined> {
    return this.#read(this.#path(id, file));
  }

  async #read(path: string): Promise<JsonObject | undefined> {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as JsonObject;
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
