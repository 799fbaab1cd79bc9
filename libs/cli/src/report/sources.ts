import { AtelierError, Code, fullName } from '@atelier/client';
import type { BatchItem } from '@atelier/protos/atelier/gateway/v1/batch_pb.ts';
import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { readGeneration } from '../generation/read.ts';
import { plural } from '../output/format.ts';
import { collect } from '../paging.ts';
import type { Session } from '../session.ts';
import { inParallel } from '../trial/trial.ts';
import { UsageError } from '../usage-error.ts';
import type { ReportContent, ReportItem } from './content.ts';

/** What a report is asked about. */
export interface ReportQuestion {
  /** `generations/{id}` and `batches/{id}`, in the order of the report. */
  readonly names: readonly string[];
  /** The last generations of this project, in place of names. */
  readonly project: string;
  readonly since: Timestamp | undefined;
  /** Most generations of a batch or project. */
  readonly limit: number;
}

type Found = Pick<ReportContent, 'title' | 'items' | 'notes'>;

/** A generation that is wanted: its name, and how the reader knows it. */
interface Wanted {
  readonly name: string;
  readonly label: string;
  /** Whether the user named it; then the report fails without it. */
  readonly isNamed: boolean;
}

const AT_ONCE = 4;

/** Reads what the report is about. Told as it goes by `onRead`. */
export async function readReport(
  session: Session,
  question: ReportQuestion,
  onRead: (count: number, of: number) => void,
): Promise<Found> {
  const listed =
    question.project === '' ? await named(session, question) : await ofProject(session, question);
  const wanted = distinct(listed.wanted);
  let count = 0;
  const read = await inParallel(wanted, AT_ONCE, async (item) => {
    const generation = await readOne(session, item);
    count += 1;
    onRead(count, wanted.length);
    return { generation, label: item.label };
  });
  const items = read.flatMap(({ generation, label }): ReportItem[] =>
    generation === undefined ? [] : [{ generation, label }],
  );
  const gone = wanted.length - items.length;
  const notes = [
    ...listed.notes,
    ...(gone === 0
      ? []
      : [`${plural(gone, 'generation is', 'generations are')} listed and no longer there.`]),
  ];
  return { title: listed.title, items, notes };
}

/** Each generation once, at its first place; that of a batch's row keeps its label. */
function distinct(all: readonly Wanted[]): Wanted[] {
  const byName = new Map<string, Wanted>();
  for (const { name, label, isNamed } of all) {
    const known = byName.get(name);
    byName.set(name, { name, label: known?.label || label, isNamed: isNamed || known?.isNamed === true });
  }
  return [...byName.values()];
}

/** One that was listed and is gone meanwhile is left out; one that was asked for by name must be there. */
async function readOne(session: Session, { name, isNamed }: Wanted): Promise<Generation | undefined> {
  try {
    return await readGeneration(session, name, false);
  } catch (error) {
    if (!isNamed && error instanceof AtelierError && error.code === Code.NOT_FOUND) return undefined;
    throw error;
  }
}

interface Listed {
  readonly title: string;
  readonly wanted: readonly Wanted[];
  readonly notes: readonly string[];
}

async function named(session: Session, { names, limit }: ReportQuestion): Promise<Listed> {
  const parts: Listed[] = [];
  for (const name of names) {
    if (name.startsWith('batches/')) parts.push(await ofBatch(session, name, limit));
    else
      parts.push({
        title: '',
        wanted: [{ name: generationName(name), label: '', isNamed: true }],
        notes: [],
      });
  }
  const single = names.filter((name) => !name.startsWith('batches/')).length;
  const titles = parts.flatMap(({ title }) => title || []);
  if (single > 0) titles.push(plural(single, 'generation'));
  return {
    title: titles.join(' and '),
    wanted: parts.flatMap(({ wanted }) => wanted),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

function generationName(name: string): string {
  if (name.includes('/') && !name.startsWith('generations/')) {
    throw new UsageError(`"${name}" is neither generations/ID nor batches/ID; for a project say --project`);
  }
  return fullName('generations', name);
}

/** The items of a batch, one more than the limit, so that it is known whether there are more. */
async function ofBatch({ services, call }: Session, name: string, limit: number): Promise<Listed> {
  const found = await collect<BatchItem>(limit + 1, 1_000, async (pageSize, pageToken) => {
    const answer = await services.batches.listBatchItems({ name, pageSize, pageToken }, call);
    return { items: answer.items, nextPageToken: answer.nextPageToken };
  });
  const items = found.slice(0, limit);
  const begun = items.filter(({ generation }) => generation !== '');
  const waiting = items.length - begun.length;
  return {
    title: name,
    wanted: begun.map(({ generation, itemId }) => ({ name: generation, label: itemId, isNamed: false })),
    notes: [
      ...(found.length > limit ? [`Only the first ${limit} items of ${name}; it has more.`] : []),
      ...(waiting === 0
        ? []
        : [`${plural(waiting, 'item')} of ${name} ${waiting === 1 ? 'has' : 'have'} not begun.`]),
    ],
  };
}

async function ofProject(
  { services, call }: Session,
  { project, since, limit }: ReportQuestion,
): Promise<Listed> {
  const name = fullName('projects', project);
  const filters = { project: name, ...(since !== undefined && { startTime: since }) };
  const found = await collect(limit + 1, 500, async (pageSize, pageToken) => {
    const answer = await services.generations.listGenerations({ ...filters, pageSize, pageToken }, call);
    return { items: answer.generations, nextPageToken: answer.nextPageToken };
  });
  return {
    title: name,
    wanted: found.slice(0, limit).map((generation) => ({ name: generation.name, label: '', isNamed: false })),
    notes: found.length > limit ? [`Only the last ${limit} generations; there are more.`] : [],
  };
}
