import { CostBasis, UsageKind, UsageSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';
import { addedClauses } from '../expand/expand-by-rules.ts';
import { refineByRules } from '../refine/refine-by-rules.ts';
import { assemble } from '../template/assemble.ts';
import { wordsOf } from '../template/brief.ts';
import { warningsOf } from '../text/losses.ts';
import { CannotRefine, type PromptWriter } from './prompt-writer.ts';

/** Changes whenever the same input gives another prompt. */
const VERSION = 'rules@1';

/** The writer that needs no model: deterministic, free, and in words that any image model understands. */
export const rulesWriter: PromptWriter = {
  version: VERSION,

  async expand({ brief, rendering, content, target }) {
    const added = addedClauses({
      rendering,
      template: content,
      styleNames: Object.keys(brief.style),
      words: wordsOf(brief),
    });
    const assembled = assemble(rendering, target, added);
    const { text, negative } = assembled;
    const warnings = warningsOf(assembled, target.maxChars);
    return { text, negative, warnings, usage: [usageOf(UsageKind.EXPAND)] };
  },

  async refine({ text, negative, failed, history, requiredTerms, forbiddenTerms, target }) {
    const refined = refineByRules({
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
    return { ...refined, usage: [usageOf(UsageKind.REFINE)] };
  },
};

/** It costs nothing, which is known and not unknown. */
function usageOf(kind: UsageKind) {
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
