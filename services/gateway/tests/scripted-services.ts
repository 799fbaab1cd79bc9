import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createLogger } from '@atelier/observability';
import { CostBasis, UsageKind, UsageReportSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { PromptService } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import {
  type DeliverWebhookRequest,
  ImageGenerationService,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import {
  type Access,
  type Handlers,
  implement,
  invalidArgument,
  type MeshIdentity,
  meshAuthenticator,
  notFound,
  packDetail,
  type Registration,
  type RpcServer,
  serve,
  unauthenticated,
  unavailable,
  unimplemented,
} from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';

/** What the scripted services were asked. */
export interface ScriptedServices extends AsyncDisposable {
  readonly target: string;
  readonly webhooks: DeliverWebhookRequest[];
  /** Who called CatalogService/GetModel, as team and scopes. */
  readonly modelReaders: string[];
}

/** The services behind the gateway but storage, on one port, answering by a script. They speak the real contracts. */
export async function scriptServices(identity: MeshIdentity): Promise<ScriptedServices> {
  const webhooks: DeliverWebhookRequest[] = [];
  const modelReaders: string[] = [];
  const server: RpcServer = await serve({
    name: 'scripted',
    address: { host: '127.0.0.1', port: 0 },
    descriptorSet: await readFile(
      createRequire(import.meta.url).resolve('@atelier/protos/descriptor-set.binpb'),
    ),
    log: createLogger({ service: 'scripted', level: 'silent' }),
    authenticate: meshAuthenticator(identity),
    registrations: [
      script(PromptService, {}),
      script(TemplateService, {
        getTemplate: async ({ name }) => {
          if (name !== 'templates/cut-out') throw notFound(`There is no ${name}.`);
          return { template: { name } };
        },
      }),
      script(RubricService, {
        getRubric: async ({ name }) => {
          if (name !== 'rubrics/cut-out') throw notFound(`There is no ${name}.`);
          return { rubric: { name } };
        },
        validateRubric: async ({ content, sampleVariables }) => {
          const questions = content?.questions ?? [];
          const at = questions.findIndex(({ dependsOn }) => dependsOn.includes('nowhere'));
          if (at >= 0)
            throw invalidArgument(`content.questions[${at}].depends_on[0]`, 'there is no such question');
          const usedVariables = ['brief', 'item'].filter((name) =>
            questions.some(({ text }) => text.includes(`{{ ${name} }}`)),
          );
          if (
            usedVariables.includes('item') &&
            sampleVariables !== undefined &&
            !('item' in sampleVariables)
          ) {
            throw invalidArgument('sample_variables["item"]', 'has no value', { reason: 'VARIABLE_INVALID' });
          }
          const unsure = questions.filter(({ check }) => check === undefined);
          return { usedVariables, warnings: unsure.map(({ id }) => `No judge can answer ${id}.`) };
        },
      }),
      script(EvaluationService, {
        evaluateImage: async () => ({
          usage: [
            {
              kind: 4,
              model: 'judges/scripted@1',
              units: 1,
              unit: 'question',
              cost: { microUsd: 250n, basis: 1 },
            },
          ],
        }),
        draftQuestions: async () => {
          const cost = { microUsd: 30n, basis: CostBasis.ACTUAL };
          const used = packDetail(UsageReportSchema, { usage: [{ kind: UsageKind.JUDGE, cost }] });
          throw unavailable('The writer is away.', { details: [used] });
        },
      }),
      script(CatalogService, {
        getModel: async ({ name }, { principal }) => {
          modelReaders.push(`${principal?.team} ${principal?.scopes.join(',')}`);
          if (!name.startsWith('models/studio-')) throw notFound(`There is no ${name}.`);
          return { model: { name } };
        },
        registerModel: async ({ model }) => ({ model: model ?? {} }),
      }),
      script(
        ImageGenerationService,
        {
          deliverWebhook: async (request) => {
            webhooks.push(request);
            const signature = request.headers.find(({ name }) => name === 'webhook-signature');
            if (signature?.value !== 'good') throw unauthenticated('The signature is not good.');
            return { accepted: true };
          },
        },
        () => 'service',
      ),
    ],
  });
  return {
    target: `127.0.0.1:${server.port}`,
    webhooks,
    modelReaders,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A service of which only some methods are scripted. */
function script<S extends DescService>(
  service: S,
  handlers: Partial<Handlers<S>>,
  access: () => Access = () => 'caller',
): Registration {
  const missing = (name: string) => () => {
    throw unimplemented(`${name} is not scripted.`);
  };
  const all = service.methods.map(({ localName, name }) => [
    localName,
    (handlers as Record<string, unknown>)[localName] ?? missing(name),
  ]);
  return implement(service, Object.fromEntries(all), { access });
}
