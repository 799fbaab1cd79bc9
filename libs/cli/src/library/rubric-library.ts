import {
  type RubricContent,
  RubricContentSchema,
  RubricSchema,
  RubricVersionSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { Visibility } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { type Message, toJson } from '@bufbuild/protobuf';
import { differences } from '../files/difference.ts';
import type { Session } from '../session.ts';
import { entry, head, headInit } from './entry.ts';
import type { Library } from './library.ts';

/** The library of rubrics. */
export function rubricLibrary({ services, call }: Pick<Session, 'services' | 'call'>): Library {
  const { rubrics } = services;
  const content = (message: Message) => message as RubricContent;
  const json = async (name: string) => {
    const { version } = await rubrics.getRubric({ name }, call);
    return version?.content === undefined ? undefined : toJson(RubricContentSchema, version.content);
  };
  return {
    kind: 'rubrics',
    noun: 'rubric',
    schemas: { head: RubricSchema, version: RubricVersionSchema, content: RubricContentSchema },
    get: async (name) => {
      const answer = await rubrics.getRubric({ name }, call);
      return entry(answer.rubric, answer.version);
    },
    list: async (pageSize, pageToken, options) => {
      const answer = await rubrics.listRubrics({ pageSize, pageToken, ...options }, call);
      return { items: answer.rubrics, nextPageToken: answer.nextPageToken };
    },
    versions: async (name, pageSize, pageToken) => {
      const answer = await rubrics.listRubricVersions({ name, pageSize, pageToken }, call);
      return { items: answer.versions, nextPageToken: answer.nextPageToken };
    },
    create: async (file) => {
      const answer = await rubrics.createRubric(
        {
          rubricId: file.name.replace('rubrics/', ''),
          rubric: headInit(file.header),
          content: content(file.content),
          changeNote: file.changeNote,
        },
        call,
      );
      return entry(answer.rubric, answer.version);
    },
    addVersion: async (name, change) => {
      const answer = await rubrics.addRubricVersion(
        {
          name,
          content: content(change.content),
          changeNote: change.changeNote,
          etag: change.etag ?? '',
          setAliases: [...(change.setAliases ?? [])],
        },
        call,
      );
      return { ...entry(answer.rubric, answer.version), added: answer.added };
    },
    update: async (changed) => {
      const rubric = { name: changed.name, etag: changed.etag, ...headInit(changed) };
      return head((await rubrics.updateRubric({ rubric }, call)).rubric);
    },
    setAlias: async (name, alias, version, etag = '') =>
      head((await rubrics.setRubricAlias({ name, alias, version, etag }, call)).rubric),
    archive: async (name, archived) => head((await rubrics.archiveRubric({ name, archived }, call)).rubric),
    // The platform forks templates; a rubric is copied by reading and making, which comes to the same.
    fork: async (source, rubricId) => {
      const { rubric, version } = await rubrics.getRubric({ name: source }, call);
      const found = entry(rubric, version);
      const answer = await rubrics.createRubric(
        {
          rubricId,
          rubric: { ...headInit(found.head), visibility: Visibility.TEAM },
          content: content(found.version.content as Message),
          changeNote: `Forked from ${found.version.name}.`,
        },
        call,
      );
      return entry(answer.rubric, answer.version);
    },
    validate: async (message, sample) => {
      const answer = await rubrics.validateRubric(
        { content: content(message), ...(sample !== undefined && { sampleVariables: sample.variables }) },
        call,
      );
      const { rendered, warnings, usedVariables, estimate } = answer;
      return { warnings, usedVariables, prompt: '', negativePrompt: '', questions: rendered, estimate };
    },
    diff: async (base, headName) => differences(await json(base), await json(headName), 'content'),
  };
}
