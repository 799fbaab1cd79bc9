import { PromptService } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { implement, type Registration } from '@atelier/rpc';
import type { PromptTemplateContext } from '../context.ts';
import { expandPrompt } from './prompt/expand-prompt.ts';
import { refinePrompt } from './prompt/refine-prompt.ts';
import { renderPrompt } from './prompt/render-prompt.ts';
import { addTemplateVersion } from './template/add-template-version.ts';
import { archiveTemplate } from './template/archive-template.ts';
import { createTemplate } from './template/create-template.ts';
import { diffTemplateVersions } from './template/diff-template-versions.ts';
import { forkTemplate } from './template/fork-template.ts';
import { getTemplate } from './template/get-template.ts';
import { listTemplateVersions } from './template/list-template-versions.ts';
import { listTemplates } from './template/list-templates.ts';
import { setTemplateAlias } from './template/set-template-alias.ts';
import { updateTemplate } from './template/update-template.ts';
import { validateTemplate } from './template/validate-template.ts';

/** Everything that prompt-template serves. All of it speaks for a team, so every call carries a principal. */
export function registrations(context: PromptTemplateContext): readonly Registration[] {
  return [
    implement(TemplateService, {
      createTemplate: createTemplate(context),
      addTemplateVersion: addTemplateVersion(context),
      getTemplate: getTemplate(context),
      listTemplates: listTemplates(context),
      listTemplateVersions: listTemplateVersions(context),
      setTemplateAlias: setTemplateAlias(context),
      updateTemplate: updateTemplate(context),
      archiveTemplate: archiveTemplate(context),
      forkTemplate: forkTemplate(context),
      diffTemplateVersions: diffTemplateVersions(context),
      validateTemplate: validateTemplate(context),
    }),
    implement(PromptService, {
      renderPrompt: renderPrompt(context),
      expandPrompt: expandPrompt(context),
      refinePrompt: refinePrompt(context),
    }),
  ];
}
