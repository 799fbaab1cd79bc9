import { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import { implement, type Registration } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { appendRecords } from './append-records.ts';
import { commitImage } from './commit-image.ts';
import { createUpload } from './create-upload.ts';
import { deleteDocument } from './delete-document.ts';
import { deleteImage } from './delete-image.ts';
import { getDocument } from './get-document.ts';
import { getGenerationRecord } from './get-generation-record.ts';
import { getImage } from './get-image.ts';
import { getImageUrl } from './get-image-url.ts';
import { getWarehouseStatus } from './get-warehouse-status.ts';
import { listAuditRecords } from './list-audit-records.ts';
import { listDocuments } from './list-documents.ts';
import { listGenerationRecords } from './list-generation-records.ts';
import { listImages } from './list-images.ts';
import { listReviewRecords } from './list-review-records.ts';
import { notOffered, notOfferedStream } from './not-offered.ts';
import { putDocument } from './put-document.ts';
import { queryUsageRecords } from './query-usage-records.ts';
import { rebuildWarehouse } from './rebuild-warehouse.ts';
import { verifyImage } from './verify-image.ts';
import { watchDocuments } from './watch-documents.ts';

/** Everything that storage serves. Documents and records may be asked for by services that speak for nobody. */
export function registrations(context: StorageContext): readonly Registration[] {
  const service = { access: () => 'service' as const };
  return [
    implement(
      DocumentService,
      {
        getDocument: getDocument(context),
        putDocument: putDocument(context),
        deleteDocument: deleteDocument(context),
        listDocuments: listDocuments(context),
        watchDocuments: watchDocuments(context),
      },
      service,
    ),
    implement(ImageService, {
      createUpload: createUpload(context),
      commitImage: commitImage(context),
      getImage: getImage(context),
      getImageUrl: getImageUrl(context),
      listImages: listImages(context),
      verifyImage: verifyImage(context),
      deleteImage: deleteImage(context),
    }),
    implement(
      RecordService,
      {
        appendRecords: appendRecords(context),
        getGenerationRecord: getGenerationRecord(context),
        listGenerationRecords: listGenerationRecords(context),
        queryUsageRecords: queryUsageRecords(context),
        listReviewRecords: listReviewRecords(context),
        listAuditRecords: listAuditRecords(context),
      },
      service,
    ),
    implement(
      AdminService,
      {
        rebuildWarehouse: rebuildWarehouse(context),
        getWarehouseStatus: getWarehouseStatus(context),
        applyRetention: notOffered('retention waits for holds, which must win over it'),
        setLegalHold: notOffered('holds wait for an index of what they cover'),
        exportProject: notOfferedStream('an export waits for a store that others can read'),
        eraseData: notOfferedStream('erasure waits for segments that can be rewritten under a receipt'),
      },
      service,
    ),
  ];
}
