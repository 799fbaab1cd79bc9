import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { readError } from '../http/answer.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { type ProviderFailure, ProviderRefusal } from '../provider.ts';

/** Names of errors by which moderation refuses what was sent. */
const REFUSED: ReadonlySet<unknown> = new Set(['content_moderation', 'public_figure']);

/** What an answer other than 200 stands for. */
export async function stabilityError(answer: HttpAnswer): Promise<ProviderFailure | ProviderRefusal> {
  const { name, errors, message } = await readError(answer);
  if (REFUSED.has(name)) return refusal(RefusalStage.INPUT, String(name));
  const said = Array.isArray(errors) ? errors.join('; ') : String(message ?? '');
  return statusFailure(answer, `${typeof name === 'string' ? `${name}: ` : ''}${said}`);
}

/** A refusal by moderation. */
export function refusal(stage: RefusalStage, category: string): ProviderRefusal {
  const what = stage === RefusalStage.INPUT ? 'request' : 'image';
  const message = `The provider’s moderation refused the ${what}.`;
  return new ProviderRefusal({ stage, categories: [category.toLowerCase()], message });
}
