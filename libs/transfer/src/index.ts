export { downloadTo } from './download-to.ts';
export { type GetOptions, getBytes } from './get-bytes.ts';
export { putBytes, putFile, type TransferOptions, type UploadTarget } from './put-bytes.ts';
export {
  isPassing,
  type TransferCodeName,
  TransferError,
  type TransferErrorOptions,
} from './transfer-error.ts';
export type { DownloadSource } from './verified.ts';
