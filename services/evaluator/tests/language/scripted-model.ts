import {
  type AnswerToken,
  type LanguageModel,
  ModelFailure,
  type ModelFailureKind,
  type ModelRequest,
} from '@atelier/language-models';
import { CostBasis, CostSchema, UsageKind, UsageSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type JudgeLine, type JudgeSays, judgeLines, judgeReply } from '@atelier/testing';
import { create } from '@bufbuild/protobuf';

/** What a scripted model does when it is asked: says something of every line, or fails. */
export type Script = (ask: {
  readonly number: number;
  readonly lines: readonly JudgeLine[];
  readonly request: ModelRequest;
}) => ((line: JudgeLine) => string | JudgeSays | undefined) | { readonly json: object } | ModelFailureKind;

export interface ScriptedModel extends LanguageModel {
  readonly requests: readonly ModelRequest[];
}

/** Cost of one call, in millionths of a US dollar. */
export const CALL_COST = 100n;

/** A language model in this process that does as it is told. */
export function scriptedModel(
  script: Script,
  options: Partial<Pick<LanguageModel, 'logProbabilities' | 'priced' | 'takesTemperature'>> = {},
): ScriptedModel {
  const { logProbabilities = false, priced = true, takesTemperature = true } = options;
  const requests: ModelRequest[] = [];
  return {
    instance: 'eye',
    type: 'scripted',
    model: 'see-1',
    vision: true,
    logProbabilities,
    takesTemperature,
    settings: 'scripted',
    priced,
    requests,
    async ask(request, signal) {
      signal.throwIfAborted();
      const number = requests.push(request);
      const texts = request.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
      const does = script({ number, lines: judgeLines({ texts }), request });
      const used = [usage(priced)];
      if (typeof does === 'string') throw new ModelFailure(does, `eye: ${does}`, { usage: used });
      const reply =
        typeof does === 'function' ? judgeReply({ texts }, does) : { kind: 'json' as const, ...does };
      if (reply.kind !== 'json') throw new Error('a scripted judge answers in JSON');
      const text = JSON.stringify(reply.json);
      const alternatives = 'alternatives' in reply ? reply.alternatives : undefined;
      const wanted = logProbabilities && request.logProbabilities === true;
      const tokens = wanted ? tokensOf(text, alternatives ?? []) : undefined;
      return { text, json: reply.json as Record<string, unknown>, tokens, usage: used };
    },
    estimate: () =>
      create(
        CostSchema,
        priced ? { microUsd: CALL_COST, basis: CostBasis.ESTIMATED } : { basis: CostBasis.UNKNOWN },
      ),
  };
}

function usage(priced: boolean) {
  const cost = priced ? { microUsd: CALL_COST, basis: CostBasis.ACTUAL } : { basis: CostBasis.UNKNOWN };
  return create(UsageSchema, {
    kind: UsageKind.JUDGE,
    model: 'llms/eye',
    units: 10,
    unit: 'input_token',
    cost,
  });
}

/** Each string value in a token of its own; one without alternatives tells none. */
function tokensOf(text: string, alternatives: readonly Readonly<Record<string, number>>[]): AnswerToken[] {
  const tokens: AnswerToken[] = [];
  let last = 0;
  let value = 0;
  for (const match of text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?/g)) {
    if (match[2] !== undefined) continue;
    const start = match.index + 1;
    const content = match[1] ?? '';
    const might = Object.entries(alternatives[value] ?? {});
    tokens.push({ text: text.slice(last, start), top: [] });
    tokens.push({
      text: content,
      top: might.map(([each, p]) => ({ text: each, logProbability: Math.log(p) })),
    });
    last = start + content.length;
    value += 1;
  }
  return [...tokens, { text: text.slice(last), top: [] }];
}
