import {
  DocumentSchema,
  type DocumentService,
} from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { create, toBinary } from '@bufbuild/protobuf';
import type { StorageContext } from '../context.ts';
import { documentMessage } from '../contract/document-message.ts';
import { fitting } from '../contract/page-size.ts';
import { pageToken, readPageToken } from '../contract/page-token.ts';

const DEFAULT_PAGE_SIZE = 100;

/** Lists documents of a collection, by id. A page ends early where its content would not fit into one message. */
export function listDocuments({
  documents,
}: StorageContext): Handlers<typeof DocumentService>['listDocuments'] {
  return async (request) => {
    const { collection, team, idPrefix } = request;
    const filters = ['documents', collection, team, idPrefix];
    const [after] = readPageToken(request.pageToken, filters, 1) ?? [];
    const size = request.pageSize === 0 ? DEFAULT_PAGE_SIZE : request.pageSize;
    const matching = (await documents.collection(collection))
      .live()
      .filter((entry) => entry.id.startsWith(idPrefix) && (team === '' || entry.team === team))
      .filter((entry) => after === undefined || entry.id > after);
    const read = await Promise.all(matching.slice(0, size).map(({ id }) => documents.get(collection, id)));
    // One that was deleted since is left out of the page, and not of the token.
    const messages = read.map((found) => found && create(DocumentSchema, documentMessage(found)));
    const page = fitting(messages, (message) => (message ? toBinary(DocumentSchema, message).length : 0));
    const last = matching[page.length - 1];
    const more = last !== undefined && matching.length > page.length;
    return {
      documents: page.filter((message) => message !== undefined),
      nextPageToken: more ? pageToken([last.id], filters) : '',
    };
  };
}
