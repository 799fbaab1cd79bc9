import { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { ModelState } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { NOBODY } from '../support/refusal.ts';
import type { Row } from './world.ts';

const INVALID = 'INVALID_ARGUMENT INVALID_FIELD';
const NOT_FOUND = 'NOT_FOUND NOT_FOUND';
const BAD_TOKEN = 'INVALID_ARGUMENT INVALID_PAGE_TOKEN page_token';
const NOT_OFFERED = 'UNIMPLEMENTED NOT_OFFERED';

/** What CatalogService and AdminService refuse, and what is not offered yet. */
export const badOperations: readonly Row[] = [
  ['GetModel of none', NOT_FOUND, ({ services }) => services.catalog.getModel({ name: 'models/nothing' })],
  [
    'ListModels of a task that is not',
    `${INVALID} task`,
    ({ services }) => services.catalog.listModels({ task: 99 as Task }),
  ],
  [
    'ListModels with a made-up token',
    BAD_TOKEN,
    ({ services }) => services.catalog.listModels({ pageToken: 'made-up' }),
  ],
  [
    'RegisterModel that is there, without its etag',
    'ALREADY_EXISTS ALREADY_EXISTS',
    async ({ services }) => {
      const { model } = await services.catalog.getModel({ name: 'models/off' });
      return services.catalog.registerModel({
        model: { ...model, description: 'Other.', etag: '' } as never,
      });
    },
  ],
  [
    'RegisterModel with a stale etag',
    'ABORTED ETAG_MISMATCH',
    async ({ services }) => {
      const { model } = await services.catalog.getModel({ name: 'models/off' });
      return services.catalog.registerModel({
        model: { ...model, description: 'Other.', etag: '"0-stale"' } as never,
      });
    },
  ],
  [
    'RegisterModel of a broken entry',
    'INVALID_ARGUMENT CATALOG_ENTRY_INVALID model.capabilities[0].field model.capabilities[1].min model.provider',
    ({ services }) =>
      services.catalog.registerModel({
        model: {
          name: 'models/broken',
          provider: 'nowhere',
          nativeModel: 'x',
          tasks: [Task.GENERATE],
          maxImagesPerRequest: 1,
          capabilities: [
            { field: 'loudness', support: 2 },
            { field: 'steps', support: 2, min: 9, max: 3, native: [{ path: 'steps' }] },
          ],
        },
      }),
  ],
  [
    'UpdateModelState of none',
    NOT_FOUND,
    ({ services }) =>
      services.catalog.updateModelState({ name: 'models/nothing', state: ModelState.DISABLED }),
  ],
  [
    'UpdateModelState to none',
    `${INVALID} state`,
    ({ services }) => services.catalog.updateModelState({ name: 'models/off' }),
  ],
  [
    'SetModelAlias to none',
    NOT_FOUND,
    ({ services }) => services.catalog.setModelAlias({ alias: 'models/fresh', model: 'models/nothing' }),
  ],
  [
    'SetModelAlias over a model',
    'ALREADY_EXISTS ALREADY_EXISTS',
    ({ services }) =>
      services.catalog.setModelAlias({ alias: 'models/studio-draft', model: 'models/studio-pro' }),
  ],
  [
    'ListModelDependents of none',
    NOT_FOUND,
    ({ services }) => services.catalog.listModelDependents({ name: 'models/nothing' }),
  ],
  [
    'DraftModel of a provider that is not',
    NOT_FOUND,
    ({ services }) => services.catalog.draftModel({ provider: 'nowhere', nativeModel: 'x' }),
  ],
  [
    'DraftModel of a provider without its key',
    'FAILED_PRECONDITION PROVIDER_UNAVAILABLE',
    ({ services }) => services.catalog.draftModel({ provider: 'openai', nativeModel: 'x' }),
  ],
  [
    'DraftModel of a provider that publishes nothing',
    NOT_OFFERED,
    ({ services }) => services.catalog.draftModel({ provider: 'studio', nativeModel: 'standard' }),
  ],
  [
    'DraftModel of a malformed provider and no model',
    `${INVALID} native_model provider`,
    ({ services }) => services.catalog.draftModel({ provider: 'Open AI' }),
  ],
  ['CreateBatch', NOT_OFFERED, ({ services }) => services.batches.createBatch({ project: 'projects/shop' })],
  [
    'GetBatch of a malformed name',
    `${INVALID} name`,
    ({ services }) => services.batches.getBatch({ name: 'x' }),
  ],
  ['WatchBatch', NOT_OFFERED, ({ services }) => services.batches.watchBatch({ name: `batches/${NOBODY}` })],
  [
    'RedeliverCallback',
    NOT_OFFERED,
    ({ services }) => services.callbacks.redeliverCallback({ name: `deliveries/${NOBODY}` }),
  ],
  [
    'SetLegalHold without a reason',
    `${INVALID} reason`,
    ({ services, image }) => services.admin.setLegalHold({ resource: image, hold: true }),
  ],
  [
    'SetLegalHold',
    NOT_OFFERED,
    ({ services, image }) => services.admin.setLegalHold({ resource: image, hold: true, reason: 'A case.' }),
  ],
  ['ApplyRetention', NOT_OFFERED, ({ services }) => services.admin.applyRetention({ dryRun: true })],
  ['EraseData of nobody', `${INVALID} reason target`, ({ services }) => services.admin.eraseData({})],
  [
    'EraseData',
    NOT_OFFERED,
    ({ services }) =>
      services.admin.eraseData({ target: { case: 'subjectId', value: 'sku-1' }, reason: 'Asked for.' }),
  ],
  [
    'ExportProject of a malformed name',
    `${INVALID} project`,
    ({ services }) => services.admin.exportProject({ project: 'shop' }),
  ],
  [
    'CreateBatchUpload of nothing',
    `${INVALID} format sha256 size_bytes`,
    ({ services }) => services.batches.createBatchUpload({}),
  ],
  ['ListBatches', NOT_OFFERED, ({ services }) => services.batches.listBatches({ pageSize: 1 })],
  [
    'ListBatchItems of a malformed name',
    `${INVALID} name`,
    ({ services }) => services.batches.listBatchItems({ name: 'x' }),
  ],
  [
    'PauseBatch of a malformed name',
    `${INVALID} name`,
    ({ services }) => services.batches.pauseBatch({ name: 'x' }),
  ],
  [
    'ResumeBatch of a malformed name',
    `${INVALID} name`,
    ({ services }) => services.batches.resumeBatch({ name: 'x' }),
  ],
  [
    'RetryFailedItems of a malformed name',
    `${INVALID} name`,
    ({ services }) => services.batches.retryFailedItems({ name: 'x' }),
  ],
  [
    'CancelBatch of a malformed name',
    `${INVALID} name`,
    ({ services }) => services.batches.cancelBatch({ name: 'x' }),
  ],
  [
    'ListCallbackDeliveries with negative pages',
    `${INVALID} page_size`,
    ({ services }) => services.callbacks.listCallbackDeliveries({ pageSize: -1 }),
  ],
];
