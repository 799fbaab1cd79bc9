import {
  type Cost,
  CostBasis,
  CostSchema,
  type Usage,
  UsageKind,
  UsageSchema,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';
import { addedClauses } from '../expand/expand-by-rules.ts';
import { editByRules } from '../refine/edit-by-rules.ts';
import { refineByRules } from '../refine/refine-by-rules.ts';
import { assemble } from '../template/assemble.ts';
import { wordsOf } from '../template/brief.ts';
import { warningsOf } from '../text/losses.ts';
import { CannotRefine, type PromptWriter } from './prompt-writer.ts';

/** Changes whenever the same input gives another prompt. */
const VERSION = 'rules@1';

/** Instructions to edit are another kind of text, and their record says so. */
const EDIT_VERSION = `${VERSION}/edit`;

/** The writer that needs no model: deterministic, free, and in words that any image model understands. */
export const rulesWriter: PromptWriter = {
  estimates: { expand: nothing, refine: nothing, either: nothing },

  async expand({ brief, rendering, content, examples, target }) {
    const added = addedClauses({
      rendering,
      template: content && { variables: content.variables, examples },
      styleNames: Object.keys(brief.style),
      words: wordsOf(brief),
    });
    const assembled = assemble(rendering, target, added);
    const { text, negative } = assembled;
    const warnings = warningsOf(assembled, target.maxChars);
    return { text, negative, writer: VERSION, warnings, usage: [usageOf(UsageKind.EXPAND)] };
  },

  async refine({ text, negative, failed, history, requiredTerms, forbiddenTerms, target, edit }) {
    const refine = edit ? editByRules : refineByRules;
    const refined = refine({
      text,
      negative,
      failed,
      history,
      requiredTerms,
      forbiddenTerms,
      maxChars: target.maxChars,
      negativePrompt: target.negativePrompt,
    });
    if (refined.refused !== undefined) throw new CannotRefine(refined.refused);
    return { ...refined, writer: edit ? EDIT_VERSION : VERSION, usage: [usageOf(UsageKind.REFINE)] };
  },
};

/** It costs nothing, which is known and not unknown. */
function nothing(): Cost {
  return create(CostSchema, { microUsd: 0n, basis: CostBasis.ESTIMATED });
}

function usageOf(kind: UsageKind): Usage {
  return create(UsageSchema, {
    kind,
    model: `llms/${VERSION}`,
    units: 1,
    unit: 'prompt',
    unitPriceMicroUsd: 0,
    priceVersion: 'builtin@1',
    cost: { microUsd: 0n, basis: CostBasis.ACTUAL },
  });
}
