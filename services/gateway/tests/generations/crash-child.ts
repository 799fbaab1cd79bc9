import { Secret } from '@atelier/config';
import type { CycleJournal } from '../../src/journal/cycle-journal.ts';
import { startHost } from './host.ts';

/** What the parent tells this process. */
export interface CrashOrder {
  readonly targets: Parameters<typeof startHost>[0]['targets'];
  readonly credential: string;
  readonly privateKey: string;
  readonly directory: string;
  /** Which write to the journal it does not live to see, from 1. */
  readonly dieAt: number;
}

const order = JSON.parse(process.env.CRASH_ORDER ?? '') as CrashOrder;
let writes = 0;

/** Dies as if the power failed, when its time has come. */
function live(): void {
  writes += 1;
  if (writes === order.dieAt) process.kill(process.pid, 'SIGKILL');
}

/** The journal, with death before one of its writes. */
function mortal(journal: CycleJournal): CycleJournal {
  return {
    isSole: journal.isSole,
    create: (id, first) => {
      live();
      return journal.create(id, first);
    },
    append: (id, epoch, entry) => {
      live();
      return journal.append(id, epoch, entry);
    },
    archive: (id, epoch) => {
      live();
      return journal.archive(id, epoch);
    },
    claim: (id) => journal.claim(id),
    unfinished: () => journal.unfinished(),
    discard: (id, epoch) => journal.discard(id, epoch),
    archived: (id) => journal.archived(id),
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  };
}

const host = await startHost({ ...order, credential: new Secret(order.credential), journal: mortal });
await host.client.generate({
  generation: {
    project: 'projects/cards',
    requestId: 'crash',
    brief: { input: { case: 'prompt', value: 'three red apples' } },
  },
});
await host[Symbol.asyncDispose]();
