import type { Parameters, ParametersSchema } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  type GenerationRequest,
  GenerationRequestSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { type Brief, BriefSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { clone, create, isMessage, type JsonObject, type MessageInitShape } from '@bufbuild/protobuf';
import { v7 as uuidv7 } from 'uuid';
import { AtelierError } from '../rpc/atelier-error.ts';
import { Code } from '../rpc/code.ts';

/** Styles that override the template's defaults one by one, such as `{ lighting: 'candle light' }`. */
type Style = Readonly<Record<string, string>>;

/** What is wanted: words alone, words with styles, or variables of the project's template. */
export type BriefInput =
  | string
  | { readonly prompt: string; readonly style?: Style }
  | { readonly variables: JsonObject; readonly style?: Style }
  | Brief;

type ParametersInit = Exclude<MessageInitShape<typeof ParametersSchema>, Parameters>;

/** The unified parameters. A seed may be a number. */
export type ParametersInput =
  | (Omit<ParametersInit, 'seed' | '$typeName'> & { readonly seed?: number | bigint })
  | Parameters;

type RequestInit = Exclude<MessageInitShape<typeof GenerationRequestSchema>, GenerationRequest>;

type PlainInput = Omit<RequestInit, 'brief' | 'parameters' | '$typeName'> & {
  readonly brief: BriefInput;
  readonly parameters?: ParametersInput;
};

/**
 * What a generation is asked with. Only a brief is needed where the client has a default project. Names may go without
 * their collection: `studio-draft` is `models/studio-draft`.
 */
export type GenerationInput = PlainInput | GenerationRequest;

/** What every request of a client begins with, where it says nothing itself. */
export interface RequestDefaults {
  readonly project?: string | undefined;
  readonly model?: string | undefined;
  /** Labels of every generation; the request's own win. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/**
 * The request as it is sent: names in full, defaults filled in, and a request id, which makes every repeat of it safe.
 * Throws INVALID_ARGUMENT where neither the request nor the client names a project.
 */
export function generationRequest(input: GenerationInput, defaults: RequestDefaults): GenerationRequest {
  const request = isMessage(input, GenerationRequestSchema)
    ? clone(GenerationRequestSchema, input)
    : fromPlain(input as PlainInput);
  request.project = fullName('projects', request.project || defaults.project);
  if (request.project === '') throw noProject();
  request.model = fullName('models', request.model || defaults.model);
  request.rubric = fullName('rubrics', request.rubric);
  request.template = fullName('templates', request.template);
  request.labels = { ...defaults.labels, ...request.labels };
  request.requestId ||= uuidv7();
  return request;
}

/** A name with its collection in front. Empty stays empty. */
export function fullName(collection: string, name: string | undefined): string {
  if (name === undefined || name === '' || name.startsWith(`${collection}/`)) return name ?? '';
  return `${collection}/${name}`;
}

function noProject(): AtelierError {
  const description = 'Say which project: `project` in the request, or `defaults.project` of the client.';
  return new AtelierError(Code.INVALID_ARGUMENT, description, {
    reason: 'INVALID_FIELD',
    fieldViolations: [{ field: 'generation.project', description, reason: 'REQUIRED' }],
  });
}

function fromPlain({ brief, parameters, ...rest }: PlainInput): GenerationRequest {
  return create(GenerationRequestSchema, {
    ...rest,
    brief: briefOf(brief),
    ...(parameters !== undefined && { parameters: parametersOf(parameters) }),
  });
}

function briefOf(input: BriefInput): Brief {
  if (isMessage(input, BriefSchema)) return input;
  if (typeof input === 'string')
    return create(BriefSchema, { input: { case: 'prompt', value: input }, style: {} });
  const style = { ...input.style };
  return 'prompt' in input
    ? create(BriefSchema, { input: { case: 'prompt', value: input.prompt }, style })
    : create(BriefSchema, { input: { case: 'variables', value: input.variables }, style });
}

function parametersOf(input: ParametersInput): MessageInitShape<typeof ParametersSchema> {
  const { seed, ...rest } = input;
  return seed === undefined ? rest : { ...rest, seed: BigInt(seed) };
}
