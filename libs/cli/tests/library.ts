import { createHash } from 'node:crypto';
import {
  type RubricContent,
  RubricContentSchema,
  RubricSchema,
  RubricVersionSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { type Project, ProjectSchema } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import {
  type TemplateContent,
  TemplateContentSchema,
  TemplateSchema,
  TemplateVersionSchema,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { aborted, alreadyExists, invalidArgument, notFound, type Registration } from '@atelier/rpc';
import { create, toBinary } from '@bufbuild/protobuf';
import { partial } from '../../client/tests/scripted/partial.ts';

interface Kept<Content> {
  head: { displayName: string; description: string; visibility: number; labels: { [key: string]: string } };
  aliases: { [alias: string]: number };
  revision: number;
  contents: Content[];
}

const emptyHead = { displayName: '', description: '', visibility: 0, labels: {} };

/** Versioned resources in memory, with what templates and rubrics have in common. */
class Shelf<Content> {
  readonly #kept = new Map<string, Kept<Content>>();
  readonly #digest: (content: Content) => string;

  constructor(digest: (content: Content) => string) {
    this.#digest = digest;
  }

  get(name: string): Kept<Content> {
    const kept = this.#kept.get(name);
    if (kept === undefined) throw notFound(`There is no ${name}.`, { metadata: { resource: name } });
    return kept;
  }

  resolve(name: string): { kept: Kept<Content>; base: string; version: number } {
    const [base = '', which] = name.split('/versions/');
    const kept = this.get(base);
    const latest = kept.contents.length;
    const version =
      which === undefined ? (kept.aliases.production ?? latest) : Number(which === 'latest' ? latest : which);
    return { kept, base, version };
  }

  create(name: string, head: Kept<Content>['head'] | undefined, content: Content | undefined): void {
    if (this.#kept.has(name)) throw alreadyExists(`${name} is there.`);
    if (content === undefined) throw invalidArgument('content', 'is missing');
    this.#kept.set(name, { head: head ?? emptyHead, aliases: {}, revision: 1, contents: [content] });
  }

  add(name: string, content: Content | undefined, etag: string, aliases: readonly string[]): boolean {
    const kept = this.get(name);
    if (content === undefined) throw invalidArgument('content', 'is missing');
    if (etag !== '' && etag !== String(kept.revision)) throw aborted('Changed meanwhile.');
    const isSame = this.#digest(kept.contents.at(-1) as Content) === this.#digest(content);
    if (!isSame) kept.contents.push(content);
    for (const alias of aliases) kept.aliases[alias] = kept.contents.length;
    kept.revision += 1;
    return !isSame;
  }

  head(name: string) {
    const { head, aliases, revision, contents } = this.get(name);
    return {
      ...head,
      name,
      aliases,
      latestVersion: contents.length,
      etag: String(revision),
      revision: BigInt(revision),
    };
  }

  version(name: string, version: number) {
    const content = this.get(name).contents[version - 1];
    if (content === undefined) throw notFound(`There is no version ${version}.`);
    return { name: `${name}/versions/${version}`, version, content, creator: 'tests' };
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Templates, rubrics and projects in memory, with the rules that the command depends on. */
export function scriptedLibraries() {
  const templates = new Shelf<TemplateContent>((content) => sha256(toBinary(TemplateContentSchema, content)));
  const rubrics = new Shelf<RubricContent>((content) => sha256(toBinary(RubricContentSchema, content)));
  const projects = new Map<string, Project>();
  const template = (name: string) => create(TemplateSchema, templates.head(name) as object);
  const rubric = (name: string) => create(RubricSchema, rubrics.head(name) as object);
  const registrations: Registration[] = [
    partial(TemplateService, {
      getTemplate: async ({ name }) => {
        const { base, version } = templates.resolve(name);
        return {
          template: template(base),
          version: create(TemplateVersionSchema, templates.version(base, version)),
        };
      },
      createTemplate: async ({ templateId, template: head, content }) => {
        const name = `templates/${templateId}`;
        templates.create(name, head, content);
        return {
          template: template(name),
          version: create(TemplateVersionSchema, templates.version(name, 1)),
        };
      },
      addTemplateVersion: async ({ name, content, etag, setAliases }) => {
        const added = templates.add(name, content, etag, setAliases);
        const version = templates.get(name).contents.length;
        return {
          template: template(name),
          version: create(TemplateVersionSchema, templates.version(name, version)),
          added,
        };
      },
      setTemplateAlias: async ({ name, alias, version }) => {
        templates.get(name).aliases[alias] = version;
        return { template: template(name) };
      },
      updateTemplate: async ({ template: changed }) => {
        const kept = templates.get(changed?.name ?? '');
        if (changed?.etag !== String(kept.revision)) throw aborted('Changed meanwhile.');
        kept.head = changed;
        kept.revision += 1;
        return { template: template(changed.name) };
      },
      validateTemplate: async ({ content }) => {
        if (content?.body.includes('{{ nobody')) {
          throw invalidArgument('content.body', 'nobody is not declared', { reason: 'TEMPLATE_INVALID' });
        }
        return {
          usedVariables: ['item'],
          warnings: content?.body.includes('unsure') ? ['It looks unsure.'] : [],
        };
      },
    }),
    partial(RubricService, {
      getRubric: async ({ name }) => {
        const { base, version } = rubrics.resolve(name);
        return { rubric: rubric(base), version: create(RubricVersionSchema, rubrics.version(base, version)) };
      },
      createRubric: async ({ rubricId, rubric: head, content }) => {
        const name = `rubrics/${rubricId}`;
        rubrics.create(name, head, content);
        return { rubric: rubric(name), version: create(RubricVersionSchema, rubrics.version(name, 1)) };
      },
      addRubricVersion: async ({ name, content, etag, setAliases }) => {
        const added = rubrics.add(name, content, etag, setAliases);
        const version = rubrics.get(name).contents.length;
        return {
          rubric: rubric(name),
          version: create(RubricVersionSchema, rubrics.version(name, version)),
          added,
        };
      },
      validateRubric: async () => ({ usedVariables: [], warnings: [] }),
    }),
    partial(ProjectService, {
      getProject: async ({ name }) => {
        const project = projects.get(name);
        if (project === undefined) throw notFound(`There is no ${name}.`, { metadata: { resource: name } });
        return { project };
      },
      createProject: async ({ project }) => {
        if (project === undefined) throw invalidArgument('project', 'is missing');
        projects.set(
          project.name,
          create(ProjectSchema, { ...project, team: 'teams/local', revision: 1n, etag: '1' }),
        );
        return { project };
      },
      updateProject: async ({ project }) => {
        const kept = projects.get(project?.name ?? '');
        if (project === undefined || kept?.etag !== project.etag) throw aborted('Changed meanwhile.');
        const revision = kept.revision + 1n;
        projects.set(project.name, { ...project, team: kept.team, revision, etag: String(revision) });
        return { project };
      },
      listProjects: async () => ({ projects: [...projects.values()] }),
    }),
  ];
  return { registrations, templates, rubrics, projects };
}
