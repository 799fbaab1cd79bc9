import { fullName } from '@atelier/client';
import {
  type DraftQuestionsResponse,
  DraftQuestionsResponseSchema,
} from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import {
  ExpectedAnswer,
  type Question,
  QuestionSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { resourceName } from '../files/library-file.ts';
import { requireNew, writeNew } from '../files/write-new.ts';
import { formatCost, formatMicroUsd, plural } from '../output/format.ts';
import { plain } from '../output/text.ts';
import { parseInteger } from '../request/values.ts';
import { UsageError } from '../usage-error.ts';
import { define, type Runtime } from './define.ts';

interface DraftOptions {
  readonly brief: string;
  readonly template?: string;
  readonly id?: string;
  readonly max: string;
  readonly output?: string;
}

/** Most questions, by the contract. */
const MAX_QUESTIONS = 50;

/** A draft is several answers of a language model, one after the other. */
const TIMEOUT_MS = 300_000;

/** `atelier rubrics draft`: a rubric drafted from a brief by a language model, to be looked through and applied by a person. */
export function addRubricDraft(rubrics: Command, runtime: Runtime): void {
  define<DraftOptions>(rubrics, runtime, {
    usage: 'draft',
    summary:
      'Has a language model draft a rubric from a brief, as a file that create, version and apply read; what was left out is in comments. Keeps nothing.',
    options: (command) =>
      command
        .requiredOption('--brief <text>', 'what is asked for')
        .option(
          '--template <template>',
          'template that the brief fills in; its variables stand in the questions',
        )
        .option('--id <id>', "id of the rubric (default: the template's, else draft)")
        .option('--max <n>', 'most questions', '12')
        .option('-o, --output <file>', 'write the draft to a new file'),
    examples: [
      'rubrics draft --brief "Three red apples on a white table" --id apples > rubric.yaml',
      'rubrics draft --brief "3 red apples on white" --template produce-cutout -o rubric.yaml',
    ],
    run: async ({ services, call, out }, _, { brief, template = '', id, max, output }) => {
      if (brief.trim() === '') throw new UsageError('--brief: expected what is asked for');
      const rubric = idOf(id, template);
      const request = {
        brief,
        template: fullName('templates', template),
        maxQuestions: parseInteger('--max', max, 1, MAX_QUESTIONS),
      };
      if (output !== undefined) await requireNew(output);
      const draft = await services.evaluation.draftQuestions(request, { timeoutMs: TIMEOUT_MS, ...call });
      const lines = draftLines(rubric, draft);
      if (draft.questions.length === 0) {
        out.message(DraftQuestionsResponseSchema, draft, lines);
        return 1;
      }
      if (output !== undefined) await writeNew(output, lines);
      out.message(DraftQuestionsResponseSchema, draft, output === undefined ? lines : written(output, draft));
      return 0;
    },
  });
}

function idOf(id: string | undefined, template: string): string {
  const ofTemplate = template.replace(/^templates\//, '').replace(/\/.*$/, '');
  const name = resourceName('rubrics', id ?? (ofTemplate || 'draft'), { file: '--id', path: '' });
  return name.slice('rubrics/'.length);
}

/** The rubric as a file, in front of it what a person has to know. */
function draftLines(id: string, draft: DraftQuestionsResponse): string[] {
  const { questions, writer } = draft;
  const head =
    questions.length === 0 ? 'Nothing came of a draft' : `${plural(questions.length, 'question')} drafted`;
  const comments = [
    `${head} by ${writer}; cost: ${costOf(draft)}. Look through it before it judges.`,
    ...leftOut(draft),
  ];
  return [
    ...comments.map((text) => `# ${plain(text).replaceAll('\n', ' ')}`),
    ...(questions.length === 0 ? [] : [rubricText(id, questions)]),
  ];
}

function written(file: string, draft: DraftQuestionsResponse): string[] {
  return [
    `${file}: ${plural(draft.questions.length, 'question')}`,
    ...leftOut(draft).map((line) => `  ${plain(line)}`),
  ];
}

function leftOut({ rejected }: DraftQuestionsResponse): string[] {
  return rejected.map((reason) => `Left out: ${reason}`);
}

/** What all of it cost; unknown as soon as a part is. */
function costOf({ usage }: DraftQuestionsResponse): string {
  const amounts = usage.map(({ cost }) => cost?.microUsd);
  if (amounts.some((amount) => amount === undefined)) return formatCost(undefined);
  return formatMicroUsd(amounts.reduce<bigint>((sum, amount) => sum + (amount ?? 0n), 0n));
}

/** The rubric as files have it: fields in the order in which people write them, and nothing that goes without saying. */
function rubricText(id: string, questions: readonly Question[]): string {
  return stringify({ id, content: { questions: questions.map(questionForm) } }, { lineWidth: 120 }).trimEnd();
}

function questionForm(question: Question): JsonValue {
  const { expectedAnswer, ...rest } = question;
  const plainly =
    expectedAnswer === ExpectedAnswer.YES
      ? { ...rest, expectedAnswer: ExpectedAnswer.UNSPECIFIED }
      : question;
  return toJson(QuestionSchema, plainly) as JsonValue;
}
