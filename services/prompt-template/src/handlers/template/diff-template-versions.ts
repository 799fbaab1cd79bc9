import {
  TemplateContentSchema,
  type TemplateVersion,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { diffJson } from '../../template/diff.ts';
import type { TemplateHandler } from '../handler.ts';

export const diffTemplateVersions: TemplateHandler<'diffTemplateVersions'> =
  ({ library }) =>
  async ({ base, head }, call) => {
    const [before, after] = await Promise.all([
      library.get(base, call, 'base'),
      library.get(head, call, 'head'),
    ]);
    const differences = diffJson(contentOf(before.version), contentOf(after.version), 'content');
    return {
      differences: differences.map(({ path, before: was, after: is }) => ({
        path,
        before: asValue(was),
        after: asValue(is),
      })),
    };
  };

function contentOf({ content }: TemplateVersion): JsonValue {
  return content === undefined ? {} : toJson(TemplateContentSchema, content, { useProtoFieldName: true });
}

function asValue(json: JsonValue | undefined) {
  return fromJson(ValueSchema, json ?? null);
}
