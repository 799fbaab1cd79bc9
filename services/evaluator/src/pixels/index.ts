export { decodeImage, defaultDecodeLimits } from './decode.ts';
export { DecodedImage } from './decoded-image.ts';
export { ImageError } from './image-error.ts';
export { LARGEST_SHOWN, type ShownImage, shownImage, shownSize } from './shown-image.ts';
