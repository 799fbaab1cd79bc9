import {
  OnUnsupportedSchema,
  type Parameters,
  ParametersSchema,
  type ReferenceImage,
  ReferenceRoleSchema,
  TaskSchema,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  CyclePolicySchema,
  type Generation,
  type GenerationRequest,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  clone,
  type DescMessage,
  isMessage,
  type JsonObject,
  type JsonValue,
  type MessageShape,
  toJson,
} from '@bufbuild/protobuf';
import { enumWord, formatValue } from '../output/format.ts';
import { type Html, html, type Part, webLink } from './html.ts';
import { facts, foldOut } from './parts.ts';
import { type PictureSet, pictureHtml } from './picture.ts';

/** What was asked: the caller's words or variables, styles, parameters and reference images, and the policy in force. */
export function askedPart({ request, effectivePolicy }: Generation, pictures: PictureSet): Part {
  if (request === undefined) return undefined;
  const { brief, task, parameters, subjectId, labels, model, template, rubric, onUnsupported } = request;
  return html`${briefPart(request)}${facts([
    ['Style', pairs(brief?.style ?? {})],
    [
      'Parameters',
      parameters === undefined ? '' : pairs(messageFacts(ParametersSchema, withoutReferences(parameters))),
    ],
    ['Task', task === 0 ? '' : enumWord(TaskSchema, task)],
    ['Model', model],
    ['Template', template],
    ['Rubric', rubric],
    ['What a model cannot honour', onUnsupported === 0 ? '' : enumWord(OnUnsupportedSchema, onUnsupported)],
    ['Subject', subjectId],
    ['Labels', pairs(labels)],
    ['Questions of this call', request.questions.map(({ text }) => text).join(' · ')],
  ])}${referencesPart(parameters?.referenceImages ?? [], pictures)}${
    effectivePolicy !== undefined &&
    foldOut('Policy in force', facts(Object.entries(messageFacts(CyclePolicySchema, effectivePolicy))))
  }`;
}

function briefPart({ brief }: GenerationRequest): Part {
  const input = brief?.input;
  if (input?.case === 'prompt') return html`<blockquote class="said">${input.value}</blockquote>\n`;
  const variables = Object.entries((input?.value ?? {}) as JsonObject);
  return facts(
    variables.map(([name, value]) => [name, html`<span class="said">${formatValue(value)}</span>`]),
  );
}

/** Reference images are shown as such. */
function withoutReferences(parameters: Parameters): Parameters {
  const copy = clone(ParametersSchema, parameters);
  copy.referenceImages = [];
  return copy;
}

function referencesPart(references: readonly ReferenceImage[], pictures: PictureSet): Part {
  if (references.length === 0) return undefined;
  return html`<div class="references">${references.map((reference) => referenceCard(reference, pictures))}</div>
`;
}

function referenceCard({ source, role, strength }: ReferenceImage, pictures: PictureSet): Html {
  const words = enumWord(ReferenceRoleSchema, role);
  const note = strength === undefined ? words : `${words}, strength ${strength}`;
  return html`<figure class="candidate">${
    source.case === 'image'
      ? pictureHtml(source.value, `Reference image: ${words}`, pictures)
      : html`<p class="no-picture">${webLink(source.value ?? '')}</p>`
  }<figcaption class="note">Reference: ${note}</figcaption></figure>
`;
}

/** The set fields of a message by names in words, with values as the contract's JSON form has them. */
export function messageFacts<D extends DescMessage>(
  schema: D,
  message: MessageShape<D>,
): Record<string, string> {
  if (!isMessage(message)) return {};
  const json = toJson(schema, message) as JsonObject;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [inWords(key), valueWords(value)]));
}

function inWords(key: string): string {
  const words = key.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueWords(value: JsonValue): string {
  if (Array.isArray(value)) return value.map(formatValue).join(', ') || 'none';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : formatValue(value);
}

function pairs(values: Readonly<Record<string, string>>): Part {
  const entries = Object.entries(values);
  return (
    entries.length > 0 &&
    entries.map(
      ([key, value], index) => html`${index > 0 && ' · '}<span class="said">${key}: ${value}</span>`,
    )
  );
}
