import { OnUnsupported } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type Draft, nativeCapability, record } from './draft.ts';
import { cutAtWord } from './phrases.ts';
import { paths, send } from './send.ts';

/**
 * Sends the prompt, with the sentences that stand for fields which the model lacks. Gives the prompt as it is sent.
 *
 * A prompt over the model's limit is refused under STRICT and cut otherwise; a sentence for which there is no room is
 * dropped whole, since half of one may say the opposite.
 */
export function translatePrompt(draft: Draft, prompt: string): string {
  const capability = nativeCapability(draft, 'prompt');
  const asked = { asked: prompt, source: ValueSource.CALL };
  if (capability === undefined) {
    const reason = `${draft.model.name} takes no prompt`;
    record(draft, 'prompt', FieldDisposition.DROPPED, { ...asked, reason });
    return '';
  }
  const limit = draft.model.maxPromptChars > 0 ? draft.model.maxPromptChars : Number.POSITIVE_INFINITY;
  const tooLong = `${draft.model.name} takes at most ${limit} characters`;
  const isCut = prompt.length > limit;
  if (isCut && draft.policy !== OnUnsupported.ADAPT && draft.policy !== OnUnsupported.IGNORE) {
    draft.problems.push({ field: 'prompt', description: tooLong, reason: 'UNSUPPORTED_PARAMETER' });
  }
  let sent = isCut ? cutAtWord(prompt, limit) : prompt;
  const carried: string[] = [];
  for (const { field, text, entry } of draft.phrases) {
    const longer = `${sent}${/[.!?]\s*$/.test(sent) ? ' ' : '. '}${text}`;
    if (longer.length <= limit) {
      sent = longer;
      carried.push(field);
    } else drop(draft, entry.field, `${entry.reason}, had there been room: ${tooLong}`);
  }
  const reasons = [isCut && tooLong, carried.length > 0 && `with a sentence for ${carried.join(' and ')}`];
  record(draft, 'prompt', isCut ? FieldDisposition.CLAMPED : FieldDisposition.NATIVE, {
    ...asked,
    sent: send(draft, capability, sent),
    nativeField: paths(capability),
    reason: reasons.filter((reason) => reason !== false).join('; '),
  });
  return sent;
}

function drop(draft: Draft, field: string, reason: string): void {
  const index = draft.receipt.findIndex((entry) => entry.field === field);
  const entry = draft.receipt[index];
  if (entry === undefined) return;
  draft.receipt[index] = {
    ...entry,
    disposition: FieldDisposition.DROPPED,
    sent: null,
    nativeField: '',
    reason,
  };
}
