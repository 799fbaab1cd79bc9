import { fullName } from '@atelier/client';
import {
  OnUnsupportedSchema,
  ParametersSchema,
  TaskSchema,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  type GenerationRequest,
  GenerationRequestSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { type Brief, BriefSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { create } from '@bufbuild/protobuf';
import { decodeMessage } from '../files/decode.ts';
import { readYaml } from '../files/read-yaml.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { buildParameters } from './build-parameters.ts';
import { buildPolicy } from './build-policy.ts';
import { readReferences } from './references.ts';
import type { RequestFlags } from './request-flags.ts';
import { parseEnum, parsePairs } from './values.ts';
import { readVariables } from './variables.ts';

/** The request that the words and options of a command ask for. Files among its references are uploaded. */
export async function buildRequest(
  session: Session,
  words: readonly string[],
  flags: RequestFlags,
): Promise<GenerationRequest> {
  const request =
    flags.request === undefined
      ? create(GenerationRequestSchema)
      : decodeMessage(GenerationRequestSchema, await readYaml(flags.request), {
          file: flags.request,
          path: '',
        });
  const project = fullName('projects', flags.project ?? (request.project || session.env.ATELIER_PROJECT));
  if (project === '') throw new UsageError('Say which project: --project NAME, or ATELIER_PROJECT.');
  request.project = project;
  request.brief = await buildBrief(words, flags, request.brief);
  const parameters = buildParameters(flags, request.parameters);
  const policy = buildPolicy(flags, request.policy);
  if (parameters !== undefined) request.parameters = parameters;
  if (policy !== undefined) request.policy = policy;
  if (flags.reference.length > 0) {
    request.parameters ??= create(ParametersSchema);
    request.parameters.referenceImages = await readReferences(session, flags.reference);
  }
  request.model = fullName('models', flags.model ?? request.model);
  request.template = fullName('templates', flags.template ?? request.template);
  request.rubric = fullName('rubrics', flags.rubric ?? request.rubric);
  request.subjectId = flags.subject ?? request.subjectId;
  request.requestId = flags.requestId ?? request.requestId;
  request.labels = { ...request.labels, ...parsePairs('--label', flags.label) };
  if (flags.task !== undefined) request.task = parseEnum('--task', TaskSchema, flags.task);
  if (flags.onUnsupported !== undefined)
    request.onUnsupported = parseEnum('--on-unsupported', OnUnsupportedSchema, flags.onUnsupported);
  return request;
}

async function buildBrief(
  words: readonly string[],
  flags: RequestFlags,
  base: Brief | undefined,
): Promise<Brief> {
  const style = { ...base?.style, ...parsePairs('--style', flags.style) };
  const prompt = words.join(' ').trim();
  const hasVariables = flags.var.length > 0 || flags.vars !== undefined;
  if (prompt !== '' && hasVariables)
    throw new UsageError("Give either a prompt or variables of the project's template, not both.");
  if (prompt !== '') return create(BriefSchema, { input: { case: 'prompt', value: prompt }, style });
  if (hasVariables) {
    const below = base?.input.case === 'variables' ? base.input.value : {};
    const value = { ...below, ...(await readVariables(flags.var, flags.vars)) };
    return create(BriefSchema, { input: { case: 'variables', value }, style });
  }
  if (base === undefined)
    throw new UsageError('Say what is wanted: a prompt in words, or --var key=value for a template.');
  return create(BriefSchema, { input: base.input, style });
}
