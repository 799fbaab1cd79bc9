import type { Answer } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { Candidate, Round } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { FieldDispositionSchema, ValueSourceSchema } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { enumWord, formatCost, formatElapsed, formatTime, formatValue } from '../output/format.ts';
import type { Style } from '../output/style.ts';
import { labelled, plain, wrap } from '../output/text.ts';
import { scoreWords } from './arm-words.ts';
import { judgeWords, thresholdWords } from './judge-words.ts';

/** Who asked a question and who answered it, under the line of its verdict. */
export function answerDetail(answer: Answer, style: Style, width: number, indent: number): string[] {
  const { judgeAnswers, askedBy, category, weight, dependsOn, check, measured } = answer;
  const facts = [
    askedBy === '' ? '' : `asked by ${askedBy}`,
    thresholdWords(answer),
    check === '' ? '' : `check ${check}`,
    category,
    weight === 1 ? '' : `weight ${weight}`,
    dependsOn.length === 0 ? '' : `only where ${dependsOn.join(', ')} passes`,
    measured === undefined ? '' : `measured ${JSON.stringify(measured)}`,
  ];
  const lines = [
    facts.filter(Boolean).join('; '),
    ...judgeAnswers.map((judge) => {
      const seen = judge.critique === '' ? '' : `: ${judge.critique}`;
      return `${judge.judge}: ${judgeWords(judge)}${seen}`;
    }),
  ];
  const margin = ' '.repeat(indent);
  return lines.flatMap((line) =>
    wrap(plain(line), Math.max(40, width - indent)).map((text) => `${margin}${style.dim(text)}`),
  );
}

/** What is known of a candidate besides its image and verdicts. */
export function candidateDetail(candidate: Candidate, width: number): string[] {
  const { rank, score, providerJobId, cost } = candidate;
  const words = [
    rank === 0 ? '' : `place ${rank} of all`,
    score === undefined ? '' : `${scoreWords(score)}, weighted mean ${score.arithmeticMean.toFixed(2)}`,
    cost === undefined ? '' : `cost ${formatCost(cost)}`,
    providerJobId === '' ? '' : `job ${plain(providerJobId)}`,
  ].filter(Boolean);
  return words.length === 0 ? [] : labelled('known', words.join(', '), width);
}

/** What is known of a round besides: writer, time, every field of the receipt, and what left for the provider. */
export function roundDetail(round: Round, width: number): string[] {
  const { prompt, receipt, nativeRequests, startTime, endTime } = round;
  const elapsed = formatElapsed(startTime, endTime);
  const fields = (receipt?.fields ?? []).map(({ field, disposition, asked, sent, source }) => {
    const from = source === 0 ? '' : ` (${enumWord(ValueSourceSchema, source)})`;
    const change = [asked, sent].map(value).filter(Boolean).join(' -> ');
    return `${field} ${enumWord(FieldDispositionSchema, disposition)} ${change}${from}`;
  });
  return [
    ...(prompt?.writer ? labelled('writer', plain(prompt.writer), width) : []),
    ...(startTime === undefined
      ? []
      : labelled('time', `${formatTime(startTime)}${elapsed === '' ? '' : `, ${elapsed}`}`, width)),
    ...fields.flatMap((line) => labelled('field', plain(line), width)),
    ...nativeRequests.flatMap(({ method, url, body, images }) => [
      ...labelled('sent', `${method} ${plain(url)}${images > 1 ? ` (${images} images)` : ''}`, width),
      ...(body === undefined ? [] : labelled('', plain(JSON.stringify(body)), width)),
    ]),
  ];
}

function value(message: Parameters<typeof toJson<typeof ValueSchema>>[1] | undefined): string {
  return message === undefined ? '' : formatValue(toJson(ValueSchema, message) as JsonValue);
}
