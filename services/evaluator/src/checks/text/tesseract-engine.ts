import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createWorker, OEM, PSM, type Worker } from 'tesseract.js';
import { OcrError, type OcrLayout, type OcrLine, type OcrPicture } from './ocr.ts';

/** One worker thread with a loaded language. */
export interface Engine {
  read(picture: OcrPicture, layout: OcrLayout): Promise<OcrLine[]>;
  end(): Promise<void>;
}

const layouts: Record<OcrLayout, PSM> = {
  page: PSM.AUTO,
  block: PSM.SINGLE_BLOCK,
  line: PSM.SINGLE_LINE,
  scattered: PSM.SPARSE_TEXT,
};

/** Portable grey map: the one format that costs nothing to write and that the engine reads natively. */
function toPgm({ width, height, data }: OcrPicture): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1'), data]);
}

/** Starts a worker in the background; a failure to start shows at the first `read`. */
export function startEngine(languageDirectory: string): Engine {
  let fail: (error: OcrError) => void = () => {};
  // The library reports some failures (a missing language file) to the handler only and then never settles.
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  let broken = false;
  const errorHandler = (cause: unknown) => {
    broken = true;
    fail(new OcrError('The text reader failed.', { cause }));
  };

  async function startWorker(): Promise<Worker> {
    // Looked for beforehand, since a worker that misses it can neither be used nor be ended.
    await access(join(languageDirectory, 'eng.traineddata.gz')).catch((cause: unknown) => {
      throw new OcrError('The language data of the text reader is missing.', { cause });
    });
    const worker = await createWorker('eng', OEM.LSTM_ONLY, {
      langPath: languageDirectory,
      cacheMethod: 'none',
      errorHandler,
    });
    // Unlisted property: the thread. Without a listener, its crash would be the crash of the process.
    const { worker: thread } = worker as Worker & {
      worker?: { on?(event: string, listen: typeof errorHandler): void };
    };
    thread?.on?.('error', errorHandler);
    // A stated resolution keeps the engine from guessing one and from writing that to standard error.
    await worker.setParameters({ user_defined_dpi: '300', debug_file: '/dev/null' });
    return worker;
  }

  const started = startWorker();
  started.catch(() => {});

  return {
    async read(picture, layout) {
      const worker = await Promise.race([started, failed]);
      const { data } = await Promise.race([
        worker.recognize(toPgm(picture), { tessedit_pageseg_mode: layouts[layout] } as object, {
          text: false,
          blocks: true,
        }),
        failed,
      ]);
      return (data.blocks ?? []).flatMap((block) =>
        block.paragraphs.flatMap((paragraph) =>
          paragraph.lines.map((line) => ({
            words: line.words.map(({ text, confidence, bbox }) => ({
              text,
              confidence,
              box: { left: bbox.x0, top: bbox.y0, right: bbox.x1, bottom: bbox.y1 },
            })),
          })),
        ),
      );
    },
    async end() {
      fail(new OcrError('The text reader was stopped.'));
      const ended = started.then((worker) => worker.terminate()).catch(() => {});
      // A worker that failed while starting never reports, so that its end cannot be waited for.
      if (!broken) await ended;
    },
  };
}
