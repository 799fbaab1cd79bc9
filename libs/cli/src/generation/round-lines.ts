import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { type Candidate, LadderStep } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import {
  CandidateState,
  FailureClassSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import {
  FieldDisposition,
  FieldDispositionSchema,
  type TranslationReceipt,
} from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { enumWord, formatValue } from '../output/format.ts';
import type { Style } from '../output/style.ts';
import { labelled, plain } from '../output/text.ts';
import { answerLines, scoreLine } from './verdicts.ts';

/** What a round did differently, in words; nothing for the first. */
export function stepWords(step: number): string {
  return steps[step] ?? '';
}

const steps: Readonly<Record<number, string>> = {
  [LadderStep.REWRITE]: 'the prompt rewritten',
  [LadderStep.RESAMPLE]: 'other seeds',
  [LadderStep.EDIT]: 'the best image edited',
  [LadderStep.NEXT_MODEL]: 'the next model',
  [LadderStep.CONTROL]: 'the first prompt again, for the control arm',
};

/** The first line of a round. */
export function roundTitle(
  round: { readonly number: number; readonly model: string; readonly step: number },
  style: Style,
): string {
  const notes = [round.model, stepWords(round.step)].filter(Boolean);
  return `${style.bold(`Round ${round.number}`)}${notes.length === 0 ? '' : ` · ${notes.join(' · ')}`}`;
}

/** The prompt, and whatever of the parameters did not go out as it was asked. */
export function promptLines(
  prompt: Prompt | undefined,
  receipt: TranslationReceipt | undefined,
  width: number,
): string[] {
  return [
    ...(prompt === undefined ? [] : labelled('prompt', plain(prompt.text), width)),
    ...(prompt === undefined || prompt.negativePrompt === ''
      ? []
      : labelled('without', plain(prompt.negativePrompt), width)),
    ...(receipt?.fields ?? []).flatMap((field) => {
      const { disposition, asked, sent, reason } = field;
      if (disposition === FieldDisposition.NATIVE || disposition === FieldDisposition.DEFAULTED) return [];
      const word = enumWord(FieldDispositionSchema, disposition);
      const [from, to] = [value(asked), value(sent)];
      const change = to === '' ? from : `${from} -> ${to}`;
      return labelled(word, `${field.field} ${change}${reason === '' ? '' : `: ${plain(reason)}`}`, width);
    }),
    ...(receipt?.warnings ?? []).flatMap((warning) => labelled('warning', plain(warning), width)),
  ];
}

/** How a candidate ended. */
export function candidateLines(candidate: Candidate, width: number): string[] {
  const { state, image, refusal, failure, seed, mismatches } = candidate;
  if (state === CandidateState.REFUSED) {
    const categories = refusal?.categories.join(', ') ?? '';
    const words = [plain(refusal?.message ?? ''), categories && `(${categories})`].filter(Boolean).join(' ');
    return labelled('refused', words || 'by the provider', width);
  }
  if (image === undefined) {
    const kind = failure === undefined ? '' : `${enumWord(FailureClassSchema, failure.class)}: `;
    return labelled(
      state === CandidateState.CANCELLED ? 'stopped' : 'failed',
      `${kind}${plain(failure?.message ?? 'no image')}`,
      width,
    );
  }
  return [
    ...labelled('image', `${imageWords(image)}${seed === undefined ? '' : `, seed ${seed}`}`, width),
    ...mismatches.flatMap(({ field, asked, got }) =>
      labelled('mismatch', `${field}: ${asked} was asked, ${got} came`, width),
    ),
  ];
}

/** What the judges made of a candidate. */
export function verdictLines(candidate: Candidate, style: Style, width: number, verbose = false): string[] {
  return [
    ...labelled('verdict', scoreLine(candidate, style), width),
    ...answerLines(candidate.answers, style, width, 11, verbose),
  ];
}

/** An image in words: name, size, type. */
export function imageWords({ name, width, height, mediaType }: ImageRef): string {
  return `${name}, ${width} x ${height}, ${mediaType}`;
}

function value(message: Parameters<typeof toJson<typeof ValueSchema>>[1] | undefined): string {
  return message === undefined ? '' : formatValue(toJson(ValueSchema, message) as JsonValue);
}
