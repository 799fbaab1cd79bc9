import type { DecodedImage } from '../../pixels/index.ts';
import { contrastingGround, toGrey } from '../../pixels/raster.ts';
import type { Ocr, OcrLine, OcrWord } from './ocr.ts';
import { findTextBands, isFeatureless, type TextBand } from './text-bands.ts';
import { bandView, greyView, resizeView } from './text-views.ts';

/** What one way of looking at the picture gave. */
export interface Reading {
  /** Which way: `whole`, `bands`, `inverted`, `enlarged`, `reduced`, `scattered`. */
  readonly view: string;
  /** All words in reading order. */
  readonly words: readonly OcrWord[];
}

/** Long side at which text is read. Letters under about 10 pixels at this size are not legible to people either. */
const readingSide = 1280;

/** The views of one picture, each read at most once and only when a check still needs it. */
export class TextReader {
  readonly #image: DecodedImage;
  readonly #readings: Promise<Reading>[] = [];
  #bands: Promise<TextBand[]> | undefined;

  constructor(image: DecodedImage) {
    this.#image = image;
  }

  /** Parts that look like lettering, whether or not they can be read. */
  bands(): Promise<TextBand[]> {
    this.#bands ??= this.#image.scaled(readingSide).then(findTextBands);
    return this.#bands;
  }

  /** The readings one after another, most promising first; none for a blank picture. Stop asking when one suffices. */
  async *readings(ocr: Ocr, signal: AbortSignal): AsyncGenerator<Reading> {
    if (isFeatureless(await this.#image.scaled(readingSide))) return;
    for (const [i, view] of views.entries()) {
      let reading = this.#readings[i];
      if (reading === undefined) {
        reading = view(this, this.#image, ocr, signal);
        this.#readings[i] = reading;
        // A reading that was aborted or failed must not be the answer for the next check.
        reading.catch(() => delete this.#readings[i]);
      }
      yield await reading;
    }
  }
}

type View = (reader: TextReader, image: DecodedImage, ocr: Ocr, signal: AbortSignal) => Promise<Reading>;

const wordsOf = (lines: readonly OcrLine[]) => lines.flatMap((line) => line.words);

async function whole(image: DecodedImage) {
  const raster = await image.scaled(readingSide);
  return toGrey(raster, contrastingGround(raster));
}

const views: readonly View[] = [
  async (_, image, ocr, signal) => ({
    view: 'whole',
    words: wordsOf(await ocr.read(greyView(await whole(image)), 'page', signal)),
  }),
  async (reader, image, ocr, signal) => {
    const raster = await image.scaled(readingSide);
    const bands = await reader.bands();
    const inOrder = [...bands].sort((a, b) => a.box.top + a.box.bottom - b.box.top - b.box.bottom);
    const words: OcrWord[] = [];
    for (const band of inOrder)
      words.push(...wordsOf(await ocr.read(bandView(raster, band.box), 'line', signal)));
    return { view: 'bands', words };
  },
  async (_, image, ocr, signal) => ({
    view: 'inverted',
    words: wordsOf(
      await ocr.read(greyView(await whole(image), { invert: true, stretch: true }), 'scattered', signal),
    ),
  }),
  async (_, image, ocr, signal) => {
    const view = greyView(await whole(image), { stretch: true });
    const large = Math.max(view.width, view.height) > 900;
    return {
      view: large ? 'reduced' : 'enlarged',
      words: wordsOf(await ocr.read(resizeView(view, large ? 0.5 : 2), large ? 'scattered' : 'page', signal)),
    };
  },
  async (_, image, ocr, signal) => ({
    view: 'scattered',
    words: wordsOf(await ocr.read(greyView(await whole(image), { stretch: true }), 'scattered', signal)),
  }),
];

const readers = new WeakMap<DecodedImage, TextReader>();

/** The reader of a picture; checks of one picture share it, so that two text questions read it once. */
export function readerOf(image: DecodedImage): TextReader {
  let reader = readers.get(image);
  if (reader === undefined) {
    reader = new TextReader(image);
    readers.set(image, reader);
  }
  return reader;
}
