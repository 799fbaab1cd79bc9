import {
  type TemplateContent,
  TemplateContentSchema,
  TemplateSchema,
  TemplateVersionSchema,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { type JsonValue, type Message, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import type { Session } from '../session.ts';
import { entry, head, headInit } from './entry.ts';
import type { Library } from './library.ts';

/** The library of templates. */
export function templateLibrary({ services, call }: Pick<Session, 'services' | 'call'>): Library {
  const { templates } = services;
  const content = (message: Message) => message as TemplateContent;
  return {
    kind: 'templates',
    noun: 'template',
    schemas: { head: TemplateSchema, version: TemplateVersionSchema, content: TemplateContentSchema },
    get: async (name) => {
      const answer = await templates.getTemplate({ name }, call);
      return entry(answer.template, answer.version);
    },
    list: async (pageSize, pageToken, options) => {
      const answer = await templates.listTemplates({ pageSize, pageToken, ...options }, call);
      return { items: answer.templates, nextPageToken: answer.nextPageToken };
    },
    versions: async (name, pageSize, pageToken) => {
      const answer = await templates.listTemplateVersions({ name, pageSize, pageToken }, call);
      return { items: answer.versions, nextPageToken: answer.nextPageToken };
    },
    create: async (file) => {
      const answer = await templates.createTemplate(
        {
          templateId: file.name.replace('templates/', ''),
          template: headInit(file.header),
          content: content(file.content),
          changeNote: file.changeNote,
        },
        call,
      );
      return entry(answer.template, answer.version);
    },
    addVersion: async (name, change) => {
      const answer = await templates.addTemplateVersion(
        {
          name,
          content: content(change.content),
          changeNote: change.changeNote,
          etag: change.etag ?? '',
          setAliases: [...(change.setAliases ?? [])],
        },
        call,
      );
      return { ...entry(answer.template, answer.version), added: answer.added };
    },
    update: async (changed) => {
      const template = { name: changed.name, etag: changed.etag, ...headInit(changed) };
      return head((await templates.updateTemplate({ template }, call)).template);
    },
    setAlias: async (name, alias, version, etag = '') =>
      head((await templates.setTemplateAlias({ name, alias, version, etag }, call)).template),
    archive: async (name, archived) =>
      head((await templates.archiveTemplate({ name, archived }, call)).template),
    fork: async (source, templateId) => {
      const answer = await templates.forkTemplate({ source, templateId }, call);
      return entry(answer.template, answer.version);
    },
    validate: async (message, sample) => {
      const answer = await templates.validateTemplate(
        {
          content: content(message),
          ...(sample !== undefined && {
            sampleVariables: sample.variables,
            sampleStyle: { ...sample.style },
            dialect: sample.dialect ?? '',
          }),
        },
        call,
      );
      return { ...answer, questions: [], estimate: undefined };
    },
    diff: async (base, headName) => {
      const answer = await templates.diffTemplateVersions({ base, head: headName }, call);
      const json = (value: Parameters<typeof toJson<typeof ValueSchema>>[1] | undefined) =>
        value === undefined || value.kind.case === 'nullValue'
          ? undefined
          : (toJson(ValueSchema, value) as JsonValue);
      return answer.differences.map(({ path, before, after }) => ({
        path,
        before: json(before),
        after: json(after),
      }));
    },
  };
}
