import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { checkContent } from './check-content.ts';

/** Adds a version, once its questions are found good. */
export function addRubricVersion(
  context: EvaluatorContext,
): Handler<typeof RubricService.method.addRubricVersion> {
  return async ({ name, content, changeNote, etag, setAliases }, call) => {
    const checked = checkContent(context, content);
    const { header, version, added } = await context.rubrics.addVersion(
      { name, content: checked, changeNote, etag, setAliases },
      call,
    );
    return { rubric: header, version, added };
  };
}
