import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fullName } from '@atelier/client';
import { ImageRefSchema } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { type Image, ImageOriginSchema, ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import {
  ImageMatchSchema,
  VerifyImageResponseSchema,
} from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import type { Command } from 'commander';
import { imageWords } from '../generation/round-lines.ts';
import { enumWord, formatTime } from '../output/format.ts';
import { table } from '../output/table.ts';
import { labelled, plain } from '../output/text.ts';
import { collect } from '../paging.ts';
import { parseInteger, parsePairs } from '../request/values.ts';
import { UsageError } from '../usage-error.ts';
import { addLimit, define, group, type Runtime, repeatable } from './define.ts';

interface ListOptions {
  readonly project?: string;
  readonly subject?: string;
  readonly generation?: string;
  readonly model?: string;
  readonly label: readonly string[];
  readonly limit: string;
}

/** `atelier images`: what is in the object store. */
export function addImages(program: Command, runtime: Runtime): void {
  const images = group(program, 'images', 'Images: upload, download, get, list, verify, delete.', [
    'images upload photo.png',
    'images download images/0190c0de-0000-7000-8000-000000000002 -o photo.png',
    'images list --project produce-cutouts --limit 10',
  ]);
  define(images, runtime, {
    usage: 'upload <file>',
    summary: 'Uploads a PNG, JPEG or WebP for use as a reference, and prints its name.',
    run: async ({ atelier, call, out }, [file = '']) => {
      const ref = await atelier.uploadReference(await readImageFile(file), undefined, call);
      out.message(ImageRefSchema, ref, [ref.name]);
      return 0;
    },
  });
  define<{ output?: string }>(images, runtime, {
    usage: 'download <image>',
    summary: 'Saves an image, verified against its digest.',
    options: (command) => command.option('-o, --output <file>', 'where to (default: ID.png, .jpg or .webp)'),
    run: async ({ atelier, services, call, out }, [name = ''], { output }) => {
      const { image } = await services.images.getImage({ name: fullName('images', name) }, call);
      const ref = image?.ref;
      if (ref === undefined) throw new UsageError(`${name} has no bytes`);
      const file =
        output ?? `${basename(ref.name)}.${ref.mediaType.replace('image/', '').replace('jpeg', 'jpg')}`;
      await atelier.downloadImage(ref, file, call);
      out.result({ name: ref.name, file }, [file]);
      return 0;
    },
  });
  define(images, runtime, {
    usage: 'get <image>',
    summary: 'Shows what is known of an image: its prompt, seed, model and generation.',
    run: async ({ services, call, out }, [name = '']) => {
      const { image } = await services.images.getImage({ name: fullName('images', name) }, call);
      if (image !== undefined) out.message(ImageSchema, image, imageLines(image, out.width));
      return 0;
    },
  });
  define<ListOptions>(images, runtime, {
    usage: 'list',
    isDefault: true,
    summary: 'Lists images, newest first.',
    options: (command) => {
      command
        .option('-p, --project <name>', 'only of this project')
        .option('--subject <id>', 'only of this subject')
        .option('--generation <name>', 'only of this generation')
        .option('-m, --model <name>', 'only made by this model');
      repeatable(command, '--label <key=value>', 'only with this label; repeatable');
      addLimit(command);
    },
    run: async ({ services, call, out }, _, options) => {
      const filters = {
        project: fullName('projects', options.project),
        subjectId: options.subject ?? '',
        generation: fullName('generations', options.generation),
        model: fullName('models', options.model),
        labels: parsePairs('--label', options.label),
      };
      const found = await collect(
        parseInteger('--limit', options.limit, 1),
        500,
        async (pageSize, pageToken) => {
          const answer = await services.images.listImages({ ...filters, pageSize, pageToken }, call);
          return { items: answer.images, nextPageToken: answer.nextPageToken };
        },
      );
      out.messages(ImageSchema, found, imageTable(found));
      return 0;
    },
  });
  define(images, runtime, {
    usage: 'verify <file>',
    summary: "Tells whether a file is one of the team's images, and how it came to be.",
    run: async ({ services, call, out }, [file = '']) => {
      const sha256 = createHash('sha256')
        .update(await readImageFile(file))
        .digest('hex');
      const answer = await services.images.verifyImage({ sha256 }, call);
      out.message(VerifyImageResponseSchema, answer, [
        `${file}: ${enumWord(ImageMatchSchema, answer.match)}`,
        ...(answer.image === undefined ? [] : imageLines(answer.image, out.width)),
      ]);
      return 0;
    },
  });
  define<{ reason: string }>(images, runtime, {
    usage: 'delete <image>',
    summary: "Deletes an image's bytes; its record stays as a tombstone.",
    options: (command) => command.option('--reason <text>', 'why, for the audit log', ''),
    run: async ({ services, call, out }, [name = ''], { reason }) => {
      const { image } = await services.images.deleteImage({ name: fullName('images', name), reason }, call);
      if (image !== undefined) out.message(ImageSchema, image, [`${image.ref?.name ?? name}: deleted`]);
      return 0;
    },
  });
}

async function readImageFile(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file}: cannot be read (${error.code})`);
  });
}

function imageLines(image: Image, width: number): string[] {
  const { ref, project, generation, subjectId, model, prompt, seed, round, origin, createTime, deleteTime } =
    image;
  const facts: readonly (readonly [string, string])[] = [
    ['came', enumWord(ImageOriginSchema, origin)],
    ['project', project],
    ['from', generation === '' ? '' : `${generation}, round ${round}`],
    ['subject', plain(subjectId)],
    ['model', model],
    ['prompt', plain(prompt)],
    ['seed', seed === undefined ? '' : String(seed)],
    ['sha256', ref?.sha256 ?? ''],
    ['stable', image.stableUrl],
    ['created', formatTime(createTime)],
    ['deleted', formatTime(deleteTime)],
  ];
  return [
    ref === undefined ? '' : imageWords(ref),
    ...facts.flatMap(([label, text]) => (text === '' ? [] : labelled(label, text, width))),
  ];
}

function imageTable(images: readonly Image[]): string[] {
  const rows = images.map(({ ref, model, subjectId, origin, createTime }) => [
    ref?.name ?? '',
    `${ref?.width ?? 0} x ${ref?.height ?? 0}`,
    ref?.mediaType ?? '',
    enumWord(ImageOriginSchema, origin),
    model.replace('models/', ''),
    plain(subjectId),
    formatTime(createTime),
  ]);
  return table(['image', 'size', 'type', 'came', 'model', 'subject', 'created'], rows);
}
