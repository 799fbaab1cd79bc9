import { CyclePolicySchema, type Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { toJson } from '@bufbuild/protobuf';
import { formatCost } from '../output/format.ts';
import { labelled, plain } from '../output/text.ts';
import { controlWords, heldOutWords, isSameLook } from './arm-words.ts';
import { controlRounds, cycleRounds } from './arms.ts';
import { generationParts, usageCost } from './costs.ts';
import { endLines } from './end-lines.ts';
import type { ExplainOptions } from './explain-options.ts';
import { partWords, roundLines } from './explain-round.ts';
import { answerLines } from './verdicts.ts';
import { whyWords } from './why.ts';

/** Why a generation ended as it did: every round with its prompt, verdicts and changes, and the end in words. */
export function explainLines(generation: Generation, options: ExplainOptions): string[] {
  const { style, width } = options;
  return [
    ...askedLines(generation, options),
    ...cycleRounds(generation).flatMap((round) => roundLines(round, generation, options)),
    '',
    ...endLines(generation, style, width),
    ...partLines(generation, width),
    '',
    ...labelled('', whyWords(generation), width, 0, 0),
    ...heldOutLines(generation, options),
    ...controlLines(generation, options),
    ...versionLines(generation, options),
  ];
}

function askedLines(
  { name, request, model, effectivePolicy }: Generation,
  options: ExplainOptions,
): string[] {
  const { width, verbose } = options;
  const input = request?.brief?.input;
  const brief =
    input?.case === 'prompt' ? `"${plain(input.value)}"` : plain(JSON.stringify(input?.value ?? {}));
  const style = Object.entries(request?.brief?.style ?? {}).map(([key, value]) => `${key}: ${value}`);
  return [
    name,
    ...labelled('asked', brief, width),
    ...(style.length === 0 ? [] : labelled('style', plain(style.join('; ')), width)),
    ...labelled('project', [request?.project, request?.subjectId].filter(Boolean).join(', '), width),
    ...(model === '' ? [] : labelled('model', model, width)),
    ...(verbose && effectivePolicy !== undefined
      ? labelled('policy', plain(JSON.stringify(toJson(CyclePolicySchema, effectivePolicy))), width)
      : []),
  ];
}

/** What the whole cost went to, where the record tells it apart. */
function partLines(generation: Generation, width: number): string[] {
  const parts = generationParts(generation);
  return parts === undefined ? [] : labelled('of which', partWords(parts), width);
}

/** What a judge says that took no part. */
function heldOutLines({ heldOut }: Generation, { style, width, verbose }: ExplainOptions): string[] {
  if (heldOut === undefined) return [];
  const { first, result, usage } = heldOut;
  const looks = isSameLook(first, result) ? [result] : [first, result];
  return [
    '',
    style.bold('Held-out judge'),
    ...labelled('', heldOutWords(heldOut), width, 2, 0),
    ...(verbose
      ? looks.flatMap((look) =>
          look === undefined
            ? []
            : [
                style.dim(`  round ${look.round}, candidate ${look.index + 1}`),
                ...answerLines(look.answers, style, width, 11, true),
              ],
        )
      : []),
    ...(usage.length === 0 ? [] : labelled('cost', formatCost(usageCost(usage)), width)),
  ];
}

/** What the same effort brought without refinement, apart from the cycle's rounds. */
function controlLines(generation: Generation, options: ExplainOptions): string[] {
  const { controlArm } = generation;
  const rounds = controlRounds(generation);
  if (controlArm === undefined && rounds.length === 0) return [];
  const { style, width, verbose } = options;
  return [
    '',
    style.bold('Control arm'),
    ...labelled(
      '',
      controlArm === undefined ? 'It has not ended yet.' : controlWords(controlArm, generation),
      width,
      2,
      0,
    ),
    ...(verbose ? rounds.flatMap((round) => roundLines(round, generation, options)) : []),
  ];
}

function versionLines({ versions }: Generation, { width, verbose }: ExplainOptions): string[] {
  if (versions === undefined) return [];
  const { templateVersion, rubricVersion, judges, writers, models, prices, platform } = versions;
  const all = [
    `project revision ${versions.projectRevision}`,
    versions.organisationRevision === 0n ? '' : `organisation revision ${versions.organisationRevision}`,
    templateVersion,
    rubricVersion,
    ...models,
    ...writers,
    ...judges,
    ...(verbose ? [...prices.map((price) => `price ${price}`), platform && `atelier ${platform}`] : []),
  ];
  return ['', ...labelled('with', all.filter(Boolean).join(', '), width, 0)];
}
