import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';
import { SKETCHER } from './published-model.ts';
import { replicateScript } from './script.ts';

const { latest_version: version, owner, name } = SKETCHER;
const { components } = version.openapi_schema;

const validate = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile({
  components,
  ...components.schemas.Input,
  additionalProperties: false,
});

/** Replicate with one model more, which nobody foresaw; it takes its own input alone. */
export const sketcherScript: VendorScript = {
  ...replicateScript,
  reply(request, stage) {
    if (request.method === 'GET' && request.path === `/v1/models/${owner}/${name}`) {
      return { status: 200, body: SKETCHER };
    }
    return this.isSubmit(request) ? submit(request, stage) : replicateScript.reply(request, stage);
  },
};

function submit(request: ScriptedRequest, stage: Stage) {
  const body = request.json as { version?: string; input?: { caption?: string } } | undefined;
  if (request.path !== '/v1/predictions' || body?.version !== version.id) {
    return { status: 404, body: { title: 'Not found', detail: 'The requested resource does not exist' } };
  }
  if (!validate(body.input)) {
    return { status: 422, body: { title: 'Invalid', detail: JSON.stringify(validate.errors) } };
  }
  // The script of the other models wants a prompt.
  const json = { ...body, input: { ...body.input, prompt: body.input?.caption } };
  return replicateScript.reply({ ...request, json }, stage);
}
