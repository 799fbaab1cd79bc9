import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { withoutTexts } from '../http/discretion.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure, ProviderRefusal, type Submission } from '../provider.ts';

/** Exceptions whose class does not follow from their status. */
const CLASSES: Readonly<Record<string, FailureClass>> = {
  // Whatever the model had done by then may be on the bill.
  ModelTimeoutException: FailureClass.UNKNOWN_OUTCOME,
  ModelErrorException: FailureClass.UNAVAILABLE,
  // A quota of the account, which no short wait gets around.
  ServiceQuotaExceededException: FailureClass.ACCOUNT,
  ExpiredTokenException: FailureClass.AUTH,
  UnrecognizedClientException: FailureClass.AUTH,
  InvalidSignatureException: FailureClass.AUTH,
  SignatureDoesNotMatch: FailureClass.AUTH,
  IncompleteSignature: FailureClass.AUTH,
  IncompleteSignatureException: FailureClass.AUTH,
};

/** What the exceptions about signatures say holds the very headers that were signed, the session token among them. */
const ABOUT_SIGNATURES = /signature/i;

const FILTERED = /filtered words|content filter|responsible ai|content polic|moderat|blocked because/i;

/** What an answer other than 200 stands for. Filters of models speak as exceptions about the request. */
export async function bedrockError(
  answer: HttpAnswer,
  submission: Submission,
): Promise<ProviderFailure | ProviderRefusal> {
  const body = await readError(answer);
  const name = exceptionName(answer, body);
  const said = withoutTexts(String(body.message ?? body.Message ?? ''), submission.body);
  if (answer.status === 400 && isFiltered(said)) return refusalOf(said);
  const isAccount = /INVALID_PAYMENT_INSTRUMENT/.test(said);
  const failure = statusFailure(
    answer,
    [name, ABOUT_SIGNATURES.test(name) ? '' : said].filter(Boolean).join(': '),
  );
  const failureClass = isAccount ? FailureClass.ACCOUNT : CLASSES[name];
  if (failureClass === undefined) return failure;
  return new ProviderFailure(failureClass, failure.message);
}

/** Whether a text of the service says that a filter took offence. */
export function isFiltered(said: string): boolean {
  return FILTERED.test(said);
}

/** The refusal that such a text is. It may quote the prompt, so that it goes no further. */
export function refusalOf(said: string): ProviderRefusal {
  const isOfOutput = /generated image|output image|from the response/i.test(said);
  const stage = isOfOutput ? RefusalStage.OUTPUT : RefusalStage.INPUT;
  const what = isOfOutput ? 'image' : 'request';
  const message = `The provider’s moderation refused the ${what}.`;
  return new ProviderRefusal({ stage, categories: ['content_filter'], message });
}

/** The name of an exception: `ThrottlingException:http://…` in a header, `com.amazon.coral#ThrottlingException` in a body. */
function exceptionName({ header }: HttpAnswer, { __type: type, code }: JsonObject): string {
  const [text = ''] = String(header('x-amzn-errortype') ?? type ?? code ?? '').split(/[:,]/);
  return text.slice(text.lastIndexOf('#') + 1).trim();
}
