import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PQueue from 'p-queue';
import { type Ocr, OcrError, type OcrLayout, type OcrPicture } from './ocr.ts';
import { type Engine, startEngine } from './tesseract-engine.ts';

/** Options of `createOcr`. */
export interface OcrOptions {
  /** Worker threads, each about 60 MB; default 1. */
  workers?: number;
  /** Longest time for one reading in milliseconds; default 20,000. A reading usually takes 50 to 300. */
  timeoutMs?: number;
  /** Directory of `eng.traineddata.gz`; default the installed language package. Nothing is ever downloaded. */
  languageDirectory?: string;
}

function installedLanguage(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@tesseract.js-data/eng/package.json')), '4.0.0_best_int');
}

/**
 * A pool of OCR workers that start when they are first needed. A reading that is aborted or late ends its worker,
 * so that the processor is free at once; the next reading starts a fresh one (about .3 s).
 */
export function createOcr(options: OcrOptions = {}): Ocr {
  const { workers = 1, timeoutMs = 20_000, languageDirectory = installedLanguage() } = options;
  const queue = new PQueue({ concurrency: workers });
  const idle: Engine[] = [];
  const busy = new Set<Engine>();
  const closed = new AbortController();

  async function readNow(picture: OcrPicture, layout: OcrLayout, signal: AbortSignal) {
    const engine = idle.pop() ?? startEngine(languageDirectory);
    busy.add(engine);
    let stop: () => void = () => {};
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(new OcrError('Reading text took too long.')), timeoutMs);
    const ended = AbortSignal.any([signal, timeout.signal, closed.signal]);
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(ended.reason);
      ended.addEventListener('abort', stop, { once: true });
      if (ended.aborted) stop();
    });
    try {
      const lines = await Promise.race([engine.read(picture, layout), aborted]);
      idle.push(engine);
      return lines;
    } catch (error) {
      await engine.end();
      throw error;
    } finally {
      busy.delete(engine);
      clearTimeout(timer);
      ended.removeEventListener('abort', stop);
    }
  }

  return {
    async read(picture, layout, signal) {
      const either = AbortSignal.any([signal, closed.signal]);
      either.throwIfAborted();
      return queue.add(() => readNow(picture, layout, signal), { signal: either });
    },
    async [Symbol.asyncDispose]() {
      closed.abort(new OcrError('The reader is closed.'));
      await queue.onIdle();
      await Promise.all([...idle.splice(0), ...busy].map((engine) => engine.end()));
    },
  };
}
