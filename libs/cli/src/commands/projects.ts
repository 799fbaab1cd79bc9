import { fullName } from '@atelier/client';
import {
  type Project,
  ProjectSchema,
  ProjectStateSchema,
} from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { clone, toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { planProject } from '../apply/plan-project.ts';
import { readProject } from '../files/project-dir.ts';
import { enumWord, formatMicroUsd } from '../output/format.ts';
import { table } from '../output/table.ts';
import { plain } from '../output/text.ts';
import { collect } from '../paging.ts';
import { parseEnum, parseInteger } from '../request/values.ts';
import { addLimit, define, group, type Runtime } from './define.ts';

/** `atelier projects`: the settings of use cases. */
export function addProjects(program: Command, runtime: Runtime): void {
  const projects = group(program, 'projects', 'Projects: list, get, create, update, state.', [
    'projects list',
    'projects get produce-cutouts > project.yaml',
    'projects update project.yaml',
    'projects state produce-cutouts paused',
  ]);
  define<{ archived?: boolean; limit: string }>(projects, runtime, {
    usage: 'list',
    isDefault: true,
    summary: "Lists the team's projects.",
    options: (command) => {
      command.option('--archived', 'also archived ones');
      addLimit(command, '500');
    },
    run: async ({ services, call, out }, _, { archived, limit }) => {
      const found = await collect(parseInteger('--limit', limit, 1), 200, async (pageSize, pageToken) => {
        const request = { pageSize, pageToken, includeArchived: archived ?? false };
        const answer = await services.projects.listProjects(request, call);
        return { items: answer.projects, nextPageToken: answer.nextPageToken };
      });
      out.messages(ProjectSchema, found, projectTable(found));
      return 0;
    },
  });
  define<{ revision: string }>(projects, runtime, {
    usage: 'get <project>',
    summary: 'Shows the settings of a project, in the form that `update` and `apply` read.',
    options: (command) => command.option('--revision <n>', 'a past revision', '0'),
    run: async ({ services, call, out }, [name = ''], { revision }) => {
      const request = {
        name: fullName('projects', name),
        revision: BigInt(parseInteger('--revision', revision)),
      };
      const { project } = await services.projects.getProject(request, call);
      if (project !== undefined) out.message(ProjectSchema, project, [asFile(project)]);
      return 0;
    },
  });
  define(projects, runtime, {
    usage: 'create <file>',
    summary: 'Makes a project from a file.',
    run: async ({ services, call, out }, [file = '']) => {
      const { project } = await readProject(file);
      const answer = await services.projects.createProject({ project }, call);
      out.message(ProjectSchema, answer.project ?? project, [`${project.name}: created`]);
      return 0;
    },
  });
  define(projects, runtime, {
    usage: 'update <file>',
    summary: 'Brings a project to what a file says, or makes it.',
    run: async (session, [file = '']) => {
      const { project, fields } = await readProject(file);
      const step = await planProject(session, { project, projectFields: fields });
      await step.run();
      session.out.result({ name: project.name, action: step.action }, [`${project.name}: ${step.summary}`]);
      return 0;
    },
  });
  define(projects, runtime, {
    usage: 'state <project> <state>',
    summary: 'Changes whether a project takes work: active, paused or archived.',
    run: async ({ services, call, out }, [name = '', state = '']) => {
      const request = {
        name: fullName('projects', name),
        state: parseEnum('state', ProjectStateSchema, state),
      };
      const { project } = await services.projects.setProjectState(request, call);
      if (project !== undefined)
        out.message(ProjectSchema, project, [
          `${project.name}: ${enumWord(ProjectStateSchema, project.state)}`,
        ]);
      return 0;
    },
  });
}

function projectTable(projects: readonly Project[]): string[] {
  const rows = projects.map((project) => [
    project.name,
    enumWord(ProjectStateSchema, project.state || 1),
    project.defaultModel,
    project.template,
    project.rubric,
    project.monthlyBudgetMicroUsd === undefined ? '' : formatMicroUsd(project.monthlyBudgetMicroUsd),
    plain(project.displayName),
  ]);
  return table(['project', 'state', 'model', 'template', 'rubric', 'monthly budget', 'title'], rows);
}

/** A project as its file would say it. */
function asFile(project: Project): string {
  const copy = clone(ProjectSchema, project);
  Object.assign(copy, { team: '', revision: 0n, etag: '' });
  delete copy.createTime;
  delete copy.updateTime;
  return stringify(toJson(ProjectSchema, copy)).trimEnd();
}
