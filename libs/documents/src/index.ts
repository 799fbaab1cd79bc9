export { canonicalJson, contentDigest } from './canonical.ts';
export { type DocumentCodec, messageCodec } from './codec.ts';
export {
  Collection,
  type CollectionOptions,
  type ListOptions,
  MAX_DOCUMENT_BYTES,
  type Page,
  typedCollection,
} from './collection.ts';
export type { DocumentClient } from './document-client.ts';
export { etagOf } from './header-record.ts';
export type {
  AddVersionInput,
  CreateInput,
  Editable,
  LibraryCall,
  LibraryHeader,
  LibraryOptions,
  LibraryVersion,
  PageInput,
  Resolved,
} from './library-types.ts';
export { decodePageToken, encodePageToken, type PagePosition } from './page-token.ts';
export { parseName } from './resource-name.ts';
export { fromStorage, storageError } from './storage-errors.ts';
export type { StoredDocument } from './stored-document.ts';
export { MAX_VERSIONS, VersionedLibrary } from './versioned-library.ts';
export type { CollectionEvent } from './watch.ts';
