import type {
  OnUnsupported,
  Parameters,
  ReferenceImage,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { applyCombinations } from './combinations.ts';
import { checkTask, resolveContradictions } from './contradictions.ts';
import type { Draft, Finish, Problem, ReceiptEntry } from './draft.ts';
import { toParameters } from './effective.ts';
import { translateEncoding } from './encoding.ts';
import { translateFineTunes } from './fine-tunes.ts';
import { translateFrame } from './frame.ts';
import { type AskedFields, type Layer, mergeLayers } from './layers.ts';
import { translatePhrases } from './phrases.ts';
import { translatePrompt } from './prompt.ts';
import { translateOptions } from './provider-options.ts';
import { translateReferences } from './references.ts';
import { type CandidateSeed, type PlannedRequest, planRequests } from './requests.ts';
import { translateScalars } from './scalars.ts';
import { send } from './send.ts';
import { FIELDS, isField, roleName, type Size, taskName } from './vocabulary.ts';

/** What is to be translated. */
export interface TranslationInput {
  readonly model: Model;
  /** Type of the model's provider, by which `provider_options` may be keyed as well as by the instance. */
  readonly providerType: string;
  readonly task: Task;
  readonly prompt: string;
  /** Layers, the most specific first, without the model's. */
  readonly layers: readonly Layer[];
  readonly policy: OnUnsupported;
  readonly candidates: readonly CandidateSeed[];
}

/** A request in the provider's words, and what became of every field on the way. */
export interface Translation {
  /** Fields for which the request is refused; nothing may be sent unless there are none. */
  readonly problems: readonly Problem[];
  readonly receipt: readonly ReceiptEntry[];
  readonly requests: readonly PlannedRequest[];
  /** The prompt as it is sent, with the sentences that stand for other fields. */
  readonly prompt: string;
  /** The images that the slots of the bodies speak of. */
  readonly references: readonly ReferenceImage[];
  /** The parameters as they count after precedence and adaptation. */
  readonly effective: Parameters;
  /** What is done to each result before it is stored. */
  readonly finish: Finish;
  /** What is sent of each field, whether somebody asked for it or not, in the spelling of entries. */
  readonly sentValues: Readonly<Record<string, string>>;
  /** The size that the model is asked for, where it is told one. */
  readonly sentSize: Size | undefined;
}

/**
 * Translates a request for one model. Pure: the same input always gives the same translation, and nothing but the model's
 * entry decides. No field that any layer asks for is missing from the receipt.
 */
export function translate(input: TranslationInput): Translation {
  const { model, task } = input;
  const draft = newDraft(input);
  const merged = mergeLayers([...input.layers, ...modelLayer(model)]);
  checkOffered(draft, task);
  checkTask(draft, merged, task);
  const asked = applyCombinations(draft, resolveContradictions(draft, merged, task));
  checkRequired(draft, asked);
  sendTask(draft, task);
  translatePhrases(draft, asked);
  translateFrame(draft, asked);
  translateScalars(draft, asked);
  translateEncoding(draft, asked);
  const references = translateReferences(draft, asked);
  translateFineTunes(draft, asked);
  const prompt = translatePrompt(draft, input.prompt);
  // Before each request gets its own count and seed.
  const sentValues = { ...draft.sentValues };
  const requests = planRequests(draft, asked, input.candidates);
  const bodies = requests.map(({ body }) => body);
  translateOptions(draft, asked, input.providerType, bodies);
  return {
    problems: draft.problems,
    receipt: inOrder(draft.receipt),
    requests,
    prompt,
    references,
    effective: toParameters(draft.effective),
    finish: draft.finish,
    sentValues,
    sentSize: draft.sentSize,
  };
}

function newDraft({ model, policy }: TranslationInput): Draft {
  return {
    model,
    policy,
    capabilities: new Map(model.capabilities.map((capability) => [capability.field, capability])),
    body: structuredClone(model.constants ?? {}) as JsonObject,
    receipt: [],
    problems: [],
    effective: {},
    phrases: [],
    sentValues: {},
    finish: {},
  };
}

function modelLayer(model: Model): Layer[] {
  return model.defaults === undefined ? [] : [{ source: ValueSource.MODEL, parameters: model.defaults }];
}

/** A task that the model does not do has no nearest one, so it is refused under every policy. */
function checkOffered(draft: Draft, task: Task): void {
  const tasks = draft.model.tasks.map(taskName);
  if (tasks.includes(taskName(task))) return;
  const description = `${draft.model.name} does ${tasks.join(', ')}, not ${taskName(task)}`;
  draft.problems.push({ field: 'task', description, reason: 'UNSUPPORTED_PARAMETER' });
}

/** Refuses a request without a field that the model cannot do without, under every policy: there is nothing to send. */
function checkRequired(draft: Draft, asked: AskedFields): void {
  for (const { field, required } of draft.model.capabilities) {
    if (!required) continue;
    const problem = (lacking: string, description: string) =>
      draft.problems.push({ field: `parameters.${lacking}`, description, reason: 'UNSUPPORTED_PARAMETER' });
    const role = /^(.+)_image$/.exec(field)?.[1];
    if (role !== undefined && !asked.reference_images?.value.some((image) => roleName(image.role) === role)) {
      problem('reference_images', `an image of role ${role}: ${draft.model.name} cannot do without it`);
    }
    if (isField(field) && asked[field] === undefined) {
      problem(field, `${draft.model.name} cannot do without it`);
    }
  }
}

/** Tells the provider which task it is, where its protocol has a field for that. The task is no field of a receipt. */
function sendTask(draft: Draft, task: Task): void {
  const capability = draft.capabilities.get('task');
  if (capability !== undefined) send(draft, capability, taskName(task));
}

function inOrder(receipt: readonly ReceiptEntry[]): readonly ReceiptEntry[] {
  const order: readonly string[] = ['prompt', ...FIELDS];
  const rank = ({ field }: ReceiptEntry) => order.indexOf(field.split(/[[.]/, 1)[0] ?? '');
  return receipt.toSorted((a, b) => rank(a) - rank(b));
}
