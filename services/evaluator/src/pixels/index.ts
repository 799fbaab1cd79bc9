export { type DecodeLimits, decodeImage, defaultDecodeLimits, workingSide } from './decode.ts';
export { DecodedImage, type ImageHeader } from './decoded-image.ts';
export { ImageError, type ImageErrorCode } from './image-error.ts';
export type { ImageFormat } from './sniff.ts';
