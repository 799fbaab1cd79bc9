import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type GenerationRequest,
  GenerationRequestSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { type Project, ProjectSchema } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import type { JsonValue } from '@bufbuild/protobuf';
import { UsageError } from '../usage-error.ts';
import { at, decodeMessage, isObject } from './decode.ts';
import { resourceName } from './library-file.ts';
import { type LibrarySource, readLibraryFolder } from './library-source.ts';
import { Problems } from './problems.ts';
import { readYaml } from './read-yaml.ts';

/** A brief that a project is tried with. */
export interface SampleBrief {
  /** Unique in its file. */
  readonly id: string;
  /** The request, with the project filled in. */
  readonly request: GenerationRequest;
}

/** A project with all that belongs to it, as a folder of files has it. */
export interface ProjectDir {
  readonly folder: string;
  readonly project: Project;
  /** The fields of the project that its file sets, by their names in JSON. */
  readonly projectFields: ReadonlySet<string>;
  /** `template.yaml` and further ones beside it. */
  readonly templates: readonly LibrarySource[];
  /** `rubric.yaml` and further ones beside it. */
  readonly rubrics: readonly LibrarySource[];
  readonly briefs: readonly SampleBrief[];
}

const FILES = ['project', 'briefs'] as const;
/** What the platform says of a project; a file cannot. */
const OUTPUT_ONLY = ['team', 'revision', 'etag', 'createTime', 'updateTime', 'create_time', 'update_time'];
/** What a sample brief takes from the folder or from the run, and cannot say itself. */
const NOT_IN_BRIEFS = ['project', 'requestId', 'request_id', 'callback'];

/**
 * Reads a folder of `project.yaml`, and templates, rubrics and `briefs.yaml` where they are. A project that names no template
 * or rubric gets that of `template.yaml` or `rubric.yaml`. A key that is not known, or a value of another type, is a
 * `UsageError` that names file and path; all files are checked before it is thrown.
 */
export async function readProjectDir(folder: string): Promise<ProjectDir> {
  const { project: projectFile, briefs: briefsFile } = await findFiles(folder);
  if (projectFile === undefined) throw new UsageError(`${folder}: there is no project.yaml`);
  const problems = new Problems();
  const read = await problems.attempt(() => readProject(projectFile));
  const templates = await readLibraryFolder('templates', folder, problems);
  const rubrics = await readLibraryFolder('rubrics', folder, problems);
  const briefs =
    briefsFile && (await problems.attempt(() => readBriefs(briefsFile, read?.project.name ?? '')));
  problems.settle();
  const { project, fields } = read as NonNullable<typeof read>;
  project.template ||= nameIn(templates, /^template\./);
  project.rubric ||= nameIn(rubrics, /^rubric\./);
  return { folder, project, projectFields: fields, templates, rubrics, briefs: briefs || [] };
}

function nameIn(sources: readonly LibrarySource[], file: RegExp): string {
  return sources.find(({ main }) => file.test(basename(main.file)))?.main.name ?? '';
}

async function findFiles(folder: string): Promise<Partial<Record<(typeof FILES)[number], string>>> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${folder}: ${error.code === 'ENOENT' ? 'there is no such folder' : `cannot be read (${error.code})`}`,
    );
  });
  const entries = FILES.flatMap((file) => {
    const found = names.find((name) => [`${file}.yaml`, `${file}.yml`, `${file}.json`].includes(name));
    return found === undefined ? [] : [[file, join(folder, found)] as const];
  });
  return Object.fromEntries(entries);
}

/** Reads a project from its file, with the fields that the file sets. */
export async function readProject(file: string): Promise<{ project: Project; fields: Set<string> }> {
  const value = await readYaml(file);
  if (!isObject(value)) throw new UsageError(`${file}: expected keys such as name and defaultModel`);
  const { id, name, ...rest } = value;
  const output = Object.keys(rest).filter((key) => OUTPUT_ONLY.includes(key));
  if (output.length > 0) throw new UsageError(output.map((key) => `${file}: ${key}: is set by the platform`));
  const place = { file, path: '' };
  const project = decodeMessage(
    ProjectSchema,
    { ...rest, name: resourceName('projects', name ?? id, place) },
    place,
  );
  const fields = Object.keys(rest).map(
    (key) => ProjectSchema.fields.find((field) => field.name === key)?.jsonName ?? key,
  );
  return { project, fields: new Set(fields) };
}

async function readBriefs(file: string, project: string): Promise<SampleBrief[]> {
  const value = await readYaml(file);
  if (!Array.isArray(value)) throw new UsageError(`${file}: expected a list of briefs`);
  const seen = new Set<string>();
  const problems: string[] = [];
  const briefs = value.flatMap((item: JsonValue, index) => {
    try {
      const brief = readBrief(item, file, at('', index), project);
      if (seen.has(brief.id))
        throw new UsageError(`${file}: ${at('', index)}.id: "${brief.id}" is there twice`);
      seen.add(brief.id);
      return [brief];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new UsageError(problems);
  return briefs;
}

function readBrief(item: JsonValue, file: string, path: string, project: string): SampleBrief {
  if (!isObject(item)) throw new UsageError(`${file}: ${path}: expected keys such as id and brief`);
  const { id, ...rest } = item;
  if (typeof id !== 'string' || id === '')
    throw new UsageError(`${file}: ${at(path, 'id')}: expected a text`);
  const refused = Object.keys(rest).filter((key) => NOT_IN_BRIEFS.includes(key));
  if (refused.length > 0) {
    throw new UsageError(refused.map((key) => `${file}: ${at(path, key)}: is not for sample briefs`));
  }
  if (rest.brief === undefined) throw new UsageError(`${file}: ${at(path, 'brief')}: is missing`);
  const request = decodeMessage(GenerationRequestSchema, rest, { file, path });
  request.project = project;
  return { id, request };
}
