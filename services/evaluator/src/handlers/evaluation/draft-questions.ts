import type { ModelFailureKind } from '@atelier/language-models';
import { UsageReportSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type EvaluationService,
  Priority,
} from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { failedPrecondition, type Handler, packDetail, type RpcError, unavailable } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { WriterFailure } from '../../draft/asking.ts';
import { draftQuestions as draft } from '../../draft/draft.ts';

/** Most questions where a request does not say. */
const DEFAULT_QUESTIONS = 12;

/** Drafts atomic questions from a brief, and from a template where one is named, when its turn comes. */
export function draftQuestions(
  context: EvaluatorContext,
): Handler<typeof EvaluationService.method.draftQuestions> {
  return async ({ brief, template, maxQuestions }, call) => {
    const { writer, templates, queue } = context;
    if (writer === undefined) {
      throw failedPrecondition(
        'Drafting questions needs a language model: name one of the judges in EVALUATOR_WRITER, and describe it by JUDGE_<INSTANCE>_TYPE, _MODEL and _API_KEY.',
        { reason: 'NOT_CONFIGURED', metadata: { variable: 'EVALUATOR_WRITER' } },
      );
    }
    const work = async () => {
      const found = template === '' ? undefined : await templates.get(template, call, 'template');
      const input = {
        brief,
        template: found?.version.content,
        maxQuestions: maxQuestions || DEFAULT_QUESTIONS,
      };
      return draft(writer, input, call.signal);
    };
    try {
      return await queue.run(work, Priority.INTERACTIVE, call.signal);
    } catch (error) {
      throw error instanceof WriterFailure ? refusalOf(error) : error;
    }
  };
}

/** Why the writer cannot be used at all, until a person mends it. All other failures may pass. */
const LASTING: Partial<Record<ModelFailureKind, 'PROVIDER_AUTH' | 'MODEL_UNAVAILABLE'>> = {
  auth: 'PROVIDER_AUTH',
  invalid_request: 'MODEL_UNAVAILABLE',
};

function refusalOf({ cause, usage }: WriterFailure): RpcError {
  const details = usage.length === 0 ? [] : [packDetail(UsageReportSchema, { usage: [...usage] })];
  const reason = LASTING[cause.kind];
  return reason === undefined
    ? unavailable(cause.message, { reason: 'PROVIDER_UNAVAILABLE', details, cause })
    : failedPrecondition(cause.message, { reason, details, cause });
}
