import { AtelierError, Code } from '@atelier/client';
import {
  type Generation,
  type GenerationEvent,
  GenerationEventSchema,
  GenerationSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { endLines } from './end-lines.ts';
import { exitCodeOfGeneration } from './outcome.ts';
import { ProgressPrinter } from './progress.ts';
import { readGeneration } from './read.ts';
import { saveResults } from './save.ts';

/** How a generation is followed. */
export interface FollowOptions {
  /** File that the first image is saved to. */
  readonly output?: string | undefined;
  /** With --json: one line for each event, in place of the generation at its end. */
  readonly events?: boolean | undefined;
}

/** Prints a generation round by round up to its end, saves its images, and gives the exit code. */
export async function followToEnd(
  session: Session,
  events: AsyncIterable<GenerationEvent>,
  { output, events: asEvents }: FollowOptions,
): Promise<number> {
  const { out } = session;
  const printer = new ProgressPrinter(out, (name, round) => roundCost(session, name, round));
  let name = '';
  let ended: Generation | undefined;
  try {
    for await (const event of events) {
      name = event.generation || name;
      if (asEvents === true) out.event(GenerationEventSchema, event);
      await printer.print(event);
      if (event.event.case === 'finished') ended = event.event.value.generation;
    }
  } catch (error) {
    if (name !== '' && isOver(error)) out.note(`Follow it again: atelier watch ${name}`);
    throw error;
  } finally {
    out.clearStatus();
  }
  if (ended === undefined) throw new AtelierError(Code.INTERNAL, 'The events ended without a generation.');
  // A person may have decided since; the events end with the generation.
  const now = await readGeneration(session, ended.name, true);
  return finish(session, now, output, asEvents !== true);
}

/** Saves the images of a generation that has ended, and prints how it ended. */
export async function finish(
  session: Session,
  generation: Generation,
  output: string | undefined,
  prints = true,
): Promise<number> {
  const { out } = session;
  const files = output === undefined ? new Map() : await saveResults(session, generation, output);
  if (out.json) {
    if (prints) out.message(GenerationSchema, generation, []);
  } else {
    out.lines(endLines(generation, out.style, out.width, files));
  }
  return exitCodeOfGeneration(generation);
}

/** Options that only make sense together. */
export function checkFollowOptions(session: Session, { events }: FollowOptions): void {
  if (events === true && !session.out.json) throw new UsageError('--events needs --json');
}

async function roundCost({ services, call }: Session, name: string, number: number) {
  try {
    const { generation } = await services.generations.getGeneration({ name }, call);
    return generation?.rounds.find((round) => round.number === number)?.cost;
  } catch {
    // The cost of a round is a courtesy; the whole is told at the end.
    return undefined;
  }
}

function isOver(error: unknown): boolean {
  const codes: readonly Code[] = [Code.CANCELLED, Code.DEADLINE_EXCEEDED, Code.UNAVAILABLE];
  return error instanceof AtelierError && codes.includes(error.code);
}
