import { AtelierError, Code } from '@atelier/client';
import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Command, Option } from 'commander';
import { plural } from '../output/format.ts';
import { reportPage } from '../report/page.ts';
import { mib, type PictureMode, type PictureSource, Pictures } from '../report/pictures.ts';
import { readReport } from '../report/sources.ts';
import { WholeFile } from '../report/write.ts';
import { parseInteger, parseTime } from '../request/values.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { addLimit, define, type Runtime } from './define.ts';

interface ReportOptions {
  readonly html?: string;
  readonly project?: string;
  readonly since?: string;
  readonly images?: PictureMode;
  readonly limit: string;
}

/** `atelier report`: generations as a page that a browser opens without any network. */
export function addReport(program: Command, runtime: Runtime): void {
  define<ReportOptions>(program, runtime, {
    usage: 'report [name...]',
    summary:
      'Writes generations to one HTML file: rounds side by side, verdicts, prompts, cost. Names are generations/ID or batches/ID. A file that is there is replaced.',
    options: (command) => {
      command
        .option('--html <file>', 'where to; the file needs nothing besides itself')
        .option('-p, --project <name>', 'the last generations of this project, in place of names')
        .option('--since <time>', 'with --project: only created at or after')
        .addOption(
          new Option(
            '--images <which>',
            'images to embed (default: all of one generation, the results of several); up to 8 MiB each and 200 MiB in all',
          ).choices(['none', 'results', 'all']),
        );
      addLimit(command, '200');
    },
    examples: [
      'report generations/0190c0de-0000-7000-8000-000000000001 --html apples.html',
      'report batches/0190c0de-0000-7000-8000-000000000003 --html autumn.html --limit 50',
      'report --project produce-cutouts --since 2026-11-01 --images none --html november.html',
    ],
    run: runReport,
  });
}

async function runReport(session: Session, names: readonly string[], options: ReportOptions) {
  const { out, signal } = session;
  const { html: path, project = '', since } = options;
  const problems = [
    ...(path === undefined ? ['Say where to: --html FILE'] : []),
    ...(names.length === 0 && project === ''
      ? ['Say what of: generations/ID, batches/ID, or --project NAME']
      : []),
    ...(names.length > 0 && project !== '' ? ['Give either names or --project'] : []),
    ...(since !== undefined && project === '' ? ['--since goes with --project'] : []),
  ];
  if (path === undefined || problems.length > 0) throw new UsageError(problems);
  const question = {
    names,
    project,
    since: since === undefined ? undefined : timestampFromDate(parseTime('--since', since)),
    limit: parseInteger('--limit', options.limit, 1),
  };
  await using file = await WholeFile.open(path);
  const found = await readReport(session, question, (count, of) => out.status(`reading ${count} of ${of}`));
  const { length } = found.items;
  if (length === 0) throw new Error([`There is no generation to report on.`, ...found.notes].join(' '));
  const images = options.images ?? (length === 1 ? 'all' : 'results');
  const pictures = new Pictures(pictureSource(session));
  const page = reportPage({ ...found, images, time: new Date() }, pictures, (number) =>
    out.status(`writing ${number} of ${length}`),
  );
  const bytes = await file.write(page, signal);
  const { embedded, leftOut } = pictures.tally;
  const counts = { generations: length, images: { embedded, leftOut }, bytes };
  const gaps = leftOut === 0 ? '' : `; ${leftOut} left out`;
  for (const note of found.notes) out.note(note);
  out.result({ file: path, ...counts, notes: [...found.notes] }, [
    `${path}: ${plural(length, 'generation')}, ${plural(embedded, 'image')}, ${mib(bytes)}${gaps}`,
  ]);
  return 0;
}

/** Images come by signed URL, verified against their digests. */
function pictureSource({ atelier, services, call, signal }: Session): PictureSource {
  return {
    find: async (name) => {
      const { image } = await services.images.getImageUrl({ name, audience: Audience.PUBLIC }, call);
      if (image === undefined) throw new AtelierError(Code.NOT_FOUND, `There is no ${name}.`);
      return image;
    },
    read: (image) => atelier.downloadImage(image, undefined, { signal }),
  };
}
