import { fullName } from '@atelier/client';
import {
  type ModelPreview,
  type PreviewGenerationResponse,
  PreviewGenerationResponseSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { NativeRequest } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import {
  FieldDispositionSchema,
  type FieldReceipt,
  ValueSourceSchema,
} from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import type { Command } from 'commander';
import { Exit } from '../exit-codes.ts';
import { enumWord, formatCost, formatValue } from '../output/format.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import { labelled, plain } from '../output/text.ts';
import { buildRequest } from '../request/build-request.ts';
import { addRequestFlags, type RequestFlags } from '../request/request-flags.ts';
import { define, type Runtime } from './define.ts';

/** `atelier preview`: what would be sent and what it would cost, for one model or several; spends nothing. */
export function addPreview(program: Command, runtime: Runtime): void {
  define<RequestFlags & { models?: string }>(program, runtime, {
    usage: 'preview [prompt...]',
    summary:
      'Shows what would be sent and what it would cost, for one model or several, without spending. Exits 2 when every model would refuse.',
    options: (command) =>
      addRequestFlags(command).option('--models <list>', 'models to compare, between commas'),
    examples: [
      'preview --project tiles "three lemons" --models studio-draft,studio-pro --background transparent',
    ],
    run: async (session, words, flags) => {
      const { services, call, out } = session;
      const generation = await buildRequest(session, words, flags);
      const models = (flags.models ?? '')
        .split(',')
        .map((model) => fullName('models', model.trim()))
        .filter(Boolean);
      const preview = await services.generations.previewGeneration({ generation, models }, call);
      out.message(PreviewGenerationResponseSchema, preview, previewLines(preview, out.style, out.width));
      const isRefused =
        preview.models.length > 0 && preview.models.every(({ problems }) => problems.length > 0);
      return isRefused ? Exit.USAGE : Exit.OK;
    },
  });
}

function previewLines(preview: PreviewGenerationResponse, style: Style, width: number): string[] {
  const questions = preview.questions.map(
    ({ id, text, required }) => `  ${id}: ${plain(text)}${required ? '' : style.dim(' (not required)')}`,
  );
  return [
    ...preview.models.flatMap((model) => [...modelLines(model, style, width), '']),
    ...(questions.length === 0
      ? ['No questions: the result would be UNJUDGED.']
      : ['Questions', ...questions]),
  ];
}

/** Characters of a value in the table; --json has the whole. */
const MAX_CELL = 40;

function modelLines(preview: ModelPreview, style: Style, width: number): string[] {
  const { model, prompt, receipt, problems, warnings, nativeRequests, roundEstimate, totalEstimate } =
    preview;
  return [
    style.bold(model),
    ...problems.flatMap(({ field, reason, description }) =>
      labelled(style.red('refused'), `${field}: ${plain(description)} (${reason})`, width),
    ),
    ...(prompt === undefined ? [] : labelled('prompt', plain(prompt.text), width)),
    ...(prompt?.negativePrompt ? labelled('without', plain(prompt.negativePrompt), width) : []),
    ...receiptTable(receipt?.fields ?? []).map((line) => `  ${line}`),
    ...[...warnings, ...(receipt?.warnings ?? [])].flatMap((warning) =>
      labelled('warning', plain(warning), width),
    ),
    ...nativeRequests.flatMap((request) => nativeLines(request, width)),
    ...(problems.length > 0
      ? []
      : labelled(
          'cost',
          roundEstimate?.microUsd === undefined
            ? 'not known: the catalog has no price for it'
            : `at most ${formatCost(roundEstimate)} for the first round, ${formatCost(totalEstimate)} for all`,
          width,
        )),
  ];
}

function receiptTable(fields: readonly FieldReceipt[]): string[] {
  if (fields.length === 0) return [];
  const rows = fields.map(({ field, disposition, asked, sent, nativeField, source, reason }) => [
    field,
    enumWord(FieldDispositionSchema, disposition),
    value(asked),
    value(sent),
    nativeField,
    source === 0 ? '' : enumWord(ValueSourceSchema, source),
    plain(reason),
  ]);
  return table(['field', 'became', 'asked', 'sent', 'as', 'from', 'why'], rows);
}

function nativeLines(request: NativeRequest, width: number): string[] {
  const { method, url, headers, body, parts, images } = request;
  return [
    ...labelled('sends', `${method} ${url}${images > 1 ? ` (${images} images)` : ''}`, width),
    ...Object.entries(headers).map(([name, text]) => `           ${name}: ${plain(text)}`),
    ...(body === undefined ? [] : JSON.stringify(body, undefined, 2).split('\n')).map(
      (line) => `           ${plain(line)}`,
    ),
    ...parts.map(
      ({ name, mediaType, sizeBytes, sha256, text }) =>
        `           ${name}: ${text === '' ? `${mediaType}, ${sizeBytes} bytes, sha256 ${sha256.slice(0, 12)}…` : plain(text)}`,
    ),
  ];
}

function value(message: FieldReceipt['asked']): string {
  if (message === undefined) return '';
  const text = plain(formatValue(toJson(ValueSchema, message) as JsonValue));
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text;
}
