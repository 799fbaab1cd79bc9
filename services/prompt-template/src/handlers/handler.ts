import type { PromptService } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import type { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { PromptTemplateContext } from '../context.ts';

/** Makes the handler of one method of TemplateService. */
export type TemplateHandler<K extends keyof Handlers<typeof TemplateService>> = (
  context: PromptTemplateContext,
) => Handlers<typeof TemplateService>[K];

/** Makes the handler of one method of PromptService. */
export type PromptHandler<K extends keyof Handlers<typeof PromptService>> = (
  context: PromptTemplateContext,
) => Handlers<typeof PromptService>[K];
