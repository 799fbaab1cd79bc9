import { rgbaToOklab } from './colour-space.ts';
import { type Grey, type Raster, toGrey } from './raster.ts';
import { type Segmentation, segment } from './segment.ts';
import type { ImageFormat } from './sniff.ts';

/** What the file's header says. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** Pixels as shown, after the orientation that the file asks for. */
  readonly width: number;
  readonly height: number;
  /** Whether there is an alpha channel; it may still be opaque everywhere. */
  readonly hasAlpha: boolean;
  /** 1 for a still; only the first frame is judged. */
  readonly frames: number;
}

/**
 * One picture and everything that checks derive from it, each computed at most once and only when asked for.
 * It is meant to live as long as one evaluation; it holds a few megabytes, never the full-size pixels.
 */
export class DecodedImage {
  readonly header: ImageHeader;
  /** The working raster: at most 384 pixels on the long side, never enlarged. */
  readonly working: Raster;
  readonly #rasterize: (longSide: number) => Promise<Raster>;
  readonly #scaled = new Map<number, Promise<Raster>>();
  #oklab: Float32Array | undefined;
  #grey: Grey | undefined;
  #segmentation: Segmentation | undefined;

  constructor(header: ImageHeader, working: Raster, rasterize: (longSide: number) => Promise<Raster>) {
    this.header = header;
    this.working = working;
    this.#rasterize = rasterize;
  }

  /** The picture reduced so that its long side is at most this many pixels. Throws `ImageError`. */
  scaled(longSide: number): Promise<Raster> {
    if (longSide <= Math.max(this.working.width, this.working.height)) {
      if (Math.max(this.header.width, this.header.height) <= longSide) return Promise.resolve(this.working);
    }
    let raster = this.#scaled.get(longSide);
    if (raster === undefined) {
      raster = this.#rasterize(longSide);
      this.#scaled.set(longSide, raster);
      raster.catch(() => this.#scaled.delete(longSide));
    }
    return raster;
  }

  /** OKLab times 100 of the working raster, three floats a pixel. */
  get oklab(): Float32Array {
    this.#oklab ??= rgbaToOklab(this.working.data, this.working.width * this.working.height);
    return this.#oklab;
  }

  /** Brightness of the working raster over white. */
  get grey(): Grey {
    this.#grey ??= toGrey(this.working);
    return this.#grey;
  }

  /** Background, objects and shadows of the working raster. CPU-bound: about 50 ms. */
  get segmentation(): Segmentation {
    this.#segmentation ??= segment(this.working, this.oklab);
    return this.#segmentation;
  }
}
