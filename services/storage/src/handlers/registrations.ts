import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { implement, type Registration, unimplemented } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { commitImage } from './commit-image.ts';
import { createUpload } from './create-upload.ts';
import { deleteDocument } from './delete-document.ts';
import { deleteImage } from './delete-image.ts';
import { getDocument } from './get-document.ts';
import { getImage } from './get-image.ts';
import { getImageUrl } from './get-image-url.ts';
import { listDocuments } from './list-documents.ts';
import { putDocument } from './put-document.ts';
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
      listImages: async () => {
        throw unimplemented('Lists wait for the warehouse.');
      },
      verifyImage: async () => {
        throw unimplemented('Lists wait for the warehouse.');
      },
      deleteImage: deleteImage(context),
    }),
  ];
}
