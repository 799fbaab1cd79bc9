import {
  Background,
  OutputFormat,
  ReferenceRole,
  Resolution,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { NOBODY } from '../support/refusal.ts';
import { asking } from './asking.ts';
import type { Row, World } from './world.ts';

const { INIT, MASK } = ReferenceRole;

const wrong = (parameters: object, more: object = {}) => asking({ parameters, ...more });
const reference = (source: object, role: ReferenceRole, more: object = {}) => ({
  referenceImages: [{ source: source as never, role, ...more }],
});
const at = (uri: string) => ({ case: 'uri', value: uri });
const stored = (world: World) => ({ case: 'image', value: world.image });

const INVALID = 'INVALID_ARGUMENT INVALID_FIELD';
const CONTRADICTORY = 'INVALID_ARGUMENT CONTRADICTORY_FIELDS';
const UNSUPPORTED = 'INVALID_ARGUMENT UNSUPPORTED_PARAMETER';
const _VARIABLE = 'INVALID_ARGUMENT VARIABLE_INVALID';

/** What is wrong with parameters. */
export const badParameters: readonly Row[] = [
  ['17 images', `${INVALID} generation.parameters.count`, wrong({ count: 17 })],
  ['no image', `${INVALID} generation.parameters.count`, wrong({ count: 0 })],
  ['a negative seed', `${INVALID} generation.parameters.seed`, wrong({ seed: -1n })],
  ['a seed beyond 2^53', `${INVALID} generation.parameters.seed`, wrong({ seed: 2n ** 53n })],
  [
    'guidance that is no number',
    `${INVALID} generation.parameters.guidance`,
    wrong({ guidance: Number.NaN }),
  ],
  ['no steps', `${INVALID} generation.parameters.steps`, wrong({ steps: 0 })],
  [
    'sizes out of range',
    `${INVALID} generation.parameters.size.height generation.parameters.size.width`,
    wrong({ size: { width: 8, height: 20_000 } }),
  ],
  [
    'an aspect ratio in another spelling',
    `${INVALID} generation.parameters.aspect_ratio`,
    wrong({
      aspectRatio: '16x9',
    }),
  ],
  ['a quality that is not', `${INVALID} generation.parameters.quality`, wrong({ quality: 42 })],
  [
    'a size of another ratio',
    `${CONTRADICTORY} generation.parameters.aspect_ratio generation.parameters.size`,
    wrong({ size: { width: 512, height: 512 }, aspectRatio: '16:9' }),
  ],
  [
    'a size of another resolution',
    `${CONTRADICTORY} generation.parameters.resolution generation.parameters.size`,
    wrong({ size: { width: 512, height: 512 }, resolution: Resolution.RESOLUTION_4K }),
  ],
  [
    'a transparent JPEG',
    `${CONTRADICTORY} generation.parameters.background generation.parameters.output_format`,
    wrong({ background: Background.TRANSPARENT, outputFormat: OutputFormat.JPEG }, { model: 'studio-pro' }),
  ],
  [
    'a mask without an init image',
    `${CONTRADICTORY} generation.parameters.reference_images`,
    (world) => wrong(reference(stored(world), MASK), { model: 'studio-pro', task: Task.INPAINT })(world),
  ],
  [
    'an edit of nothing',
    `${CONTRADICTORY} generation.parameters.reference_images`,
    asking({
      model: 'studio-pro',
      task: Task.EDIT,
    }),
  ],
  [
    'a task that the model does not do',
    `${UNSUPPORTED} generation.task`,
    (world) => wrong(reference(stored(world), INIT), { model: 'studio-pro', task: Task.UPSCALE })(world),
  ],
  [
    'all that the model cannot do',
    `${UNSUPPORTED} generation.parameters.background generation.parameters.guidance generation.parameters.seed generation.parameters.size`,
    wrong(
      { seed: 7n, guidance: 5, background: Background.TRANSPARENT, size: { width: 1_024, height: 1_024 } },
      { model: 'studio-draft' },
    ),
  ],
  [
    'an option that the provider has not',
    `${UNSUPPORTED} generation.parameters.provider_options.sandbox`,
    wrong({
      providerOptions: { sandbox: { speed: 'fast' } },
    }),
  ],
  [
    'a reference without a role',
    `${INVALID} generation.parameters.reference_images[0].role`,
    (world) => wrong(reference(stored(world), ReferenceRole.UNSPECIFIED))(world),
  ],
  [
    'a reference without a source',
    `${INVALID} generation.parameters.reference_images[0].source`,
    wrong(reference({ case: undefined }, INIT)),
  ],
  [
    'more than all strength',
    `${INVALID} generation.parameters.reference_images[0].strength`,
    (world) => wrong(reference(stored(world), INIT, { strength: 1.5 }))(world),
  ],
  [
    'a reference that is not',
    'NOT_FOUND NOT_FOUND',
    wrong(reference({ case: 'image', value: `images/${NOBODY}` }, INIT), {
      model: 'studio-pro',
      task: Task.EDIT,
    }),
  ],
  ...[
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:8080/image.png',
    'http://[::1]/image.png',
    'http://2130706433/image.png',
    'ftp://images.example/image.png',
    'file:///etc/passwd',
  ].map(
    (uri): Row => [
      `a reference at ${uri}`,
      'INVALID_ARGUMENT URL_REFUSED generation.parameters.reference_images[0].uri',
      wrong(reference(at(uri), INIT), { model: 'studio-pro', task: Task.EDIT }),
    ],
  ),
];
