import { userInfo } from 'node:os';
import { fullName } from '@atelier/client';
import {
  GenerationSchema,
  OutcomeSchema,
  ReviewDecision,
  ReviewDecisionSchema,
  ReviewSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Command } from 'commander';
import { enumWord } from '../output/format.ts';
import { collect } from '../paging.ts';
import { parseEnum, parseInteger, parsePair } from '../request/values.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { addLimit, define, group, type Runtime, repeatable } from './define.ts';
import { generationTable } from './generations.ts';

interface DecisionOptions {
  readonly reason: readonly string[];
  readonly comment: string;
  readonly reviewer?: string;
  readonly question: readonly string[];
}

/** `atelier review`: people's decisions. */
export function addReview(program: Command, runtime: Runtime): void {
  const review = group(program, 'review', 'Decisions of people: list, approve, reject.', [
    'review list --project produce-cutouts',
    'review approve generations/0190c0de-0000-7000-8000-000000000001',
    'review reject images/0190c0de-0000-7000-8000-000000000002 --reason "wrong colour" --question colour=no',
  ]);
  define<{ project?: string; outcome: readonly string[]; limit: string }>(review, runtime, {
    usage: 'list',
    isDefault: true,
    summary: 'Lists generations that wait for a person, the oldest first.',
    options: (command) => {
      command.option('-p, --project <name>', 'only of this project');
      repeatable(command, '--outcome <outcome>', 'only with this outcome; repeatable');
      addLimit(command);
    },
    run: async ({ services, call, out }, _, { project, outcome, limit }) => {
      const filters = {
        project: fullName('projects', project),
        outcomes: outcome.map((text) => parseEnum('--outcome', OutcomeSchema, text)),
      };
      const found = await collect(parseInteger('--limit', limit, 1), 200, async (pageSize, pageToken) => {
        const answer = await services.reviews.listReviewQueue({ ...filters, pageSize, pageToken }, call);
        return { items: answer.generations, nextPageToken: answer.nextPageToken };
      });
      out.messages(GenerationSchema, found, generationTable(found));
      return 0;
    },
  });
  addDecision(review, runtime, 'approve', ReviewDecision.APPROVED);
  addDecision(review, runtime, 'reject', ReviewDecision.REJECTED);
}

function addDecision(parent: Command, runtime: Runtime, verb: string, decision: ReviewDecision): void {
  define<DecisionOptions>(parent, runtime, {
    usage: `${verb} <image>`,
    summary: `Records that a person ${verb}s an image, given by name or by the generation whose first result it is.`,
    options: (command) => {
      repeatable(command, '--reason <text>', 'reason; repeatable');
      command
        .option('--comment <text>', 'words', '')
        .option('--reviewer <name>', 'who decides (default: ATELIER_REVIEWER, else your user name)');
      repeatable(command, '--question <id=yes|no>', 'your own answer: does the image pass it; repeatable');
    },
    run: async (session, [name = ''], { reason, comment, reviewer, question }) => {
      const { services, call, out, env } = session;
      const review = {
        image: await imageOf(session, name),
        decision,
        reasons: [...reason],
        comment,
        reviewer: reviewer ?? env.ATELIER_REVIEWER ?? userInfo().username,
        questionLabels: Object.fromEntries(question.map(questionLabel)),
      };
      const answer = await services.reviews.recordReview({ review }, call);
      if (answer.review !== undefined) {
        const word = enumWord(ReviewDecisionSchema, answer.review.decision);
        out.message(ReviewSchema, answer.review, [`${answer.review.image}: ${word}`]);
      }
      return 0;
    },
  });
}

async function imageOf({ services, call }: Session, name: string): Promise<string> {
  if (!name.startsWith('generations/')) return fullName('images', name);
  const { generation } = await services.generations.getGeneration({ name }, call);
  const image = generation?.results[0]?.image?.name;
  if (image === undefined) throw new UsageError(`${name} has no image`);
  return image;
}

function questionLabel(text: string): [string, boolean] {
  const [id, answer] = parsePair('--question', text);
  if (answer !== 'yes' && answer !== 'no')
    throw new UsageError(`--question: "${answer}" is neither yes nor no`);
  return [id, answer === 'yes'];
}
