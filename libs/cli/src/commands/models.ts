import { AtelierError, Code, fullName } from '@atelier/client';
import { TaskSchema } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  ListModelDependentsResponseSchema,
  SetModelAliasResponseSchema,
} from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { type Model, ModelSchema, ModelStateSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import type { Command } from 'commander';
import { decodeMessage } from '../files/decode.ts';
import { fromEntryForm } from '../files/entry-form.ts';
import { readYaml } from '../files/read-yaml.ts';
import { enumWord } from '../output/format.ts';
import { table } from '../output/table.ts';
import { collect } from '../paging.ts';
import { parseEnum, parseInteger } from '../request/values.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { addLimit, define, group, type Runtime } from './define.ts';
import { addModelDraft } from './model-draft.ts';
import { modelLines, modelTable } from './model-lines.ts';

/** `atelier models`: the catalog. */
export function addModels(program: Command, runtime: Runtime): void {
  const models = group(
    program,
    'models',
    'The catalog of models: list, get, import, register, state, alias, dependents.',
    [
      'models list --task edit',
      'models get studio-pro',
      'models import replicate:OWNER/NAME --output my-model.yaml',
      'models register my-model.yaml --dry-run',
      'models state studio-draft disabled --reason "replaced by studio-standard"',
      'models alias product-photos studio-pro',
    ],
  );
  define<{ task?: string; provider?: string; all?: boolean; limit: string }>(models, runtime, {
    usage: 'list',
    isDefault: true,
    summary: 'Lists models.',
    options: (command) => {
      command
        .option('--task <task>', 'only models that do this')
        .option('--provider <instance>', 'only models of this provider instance')
        .option('--all', 'also disabled ones, and those whose provider is not configured');
      addLimit(command, '500');
    },
    run: async ({ services, call, out }, _, { task, provider, all, limit }) => {
      const filters = {
        provider: provider ?? '',
        includeUnavailable: all ?? false,
        ...(task !== undefined && { task: parseEnum('--task', TaskSchema, task) }),
      };
      const found = await collect(parseInteger('--limit', limit, 1), 200, async (pageSize, pageToken) => {
        const answer = await services.catalog.listModels({ ...filters, pageSize, pageToken }, call);
        return { items: answer.models, nextPageToken: answer.nextPageToken };
      });
      out.messages(ModelSchema, found, modelTable(found));
      return 0;
    },
  });
  define(models, runtime, {
    usage: 'get <model>',
    summary: 'Shows what a model can do and what it costs.',
    run: async ({ services, call, out }, [name = '']) => {
      const { model } = await services.catalog.getModel({ name: fullName('models', name) }, call);
      if (model !== undefined) out.message(ModelSchema, model, modelLines(model));
      return 0;
    },
  });
  define<{ dryRun?: boolean; replace?: boolean }>(models, runtime, {
    usage: 'register <file>',
    summary: 'Adds a model from an entry in YAML or JSON, or replaces the entry of one.',
    options: (command) =>
      command
        .option('--dry-run', 'only check the entry')
        .option('--replace', 'replace the entry that is there'),
    run: async ({ services, call, out }, [file = ''], { dryRun, replace }) => {
      const entry = fromEntryForm(ModelSchema, await readYaml(file));
      const model = decodeMessage(ModelSchema, entry, { file, path: '' });
      const isCompared = replace === true || dryRun === true;
      const present = isCompared ? await presentModel(services, call, model.name) : undefined;
      if (present !== undefined) model.etag = present.etag;
      const answer = await services.catalog.registerModel({ model, validateOnly: dryRun ?? false }, call);
      const good = `the entry is good${present === undefined ? '' : ', and there is one of its name: it takes --replace'}`;
      const words = dryRun === true ? good : `registered, revision ${answer.model?.revision}`;
      out.message(ModelSchema, answer.model ?? model, [`${model.name}: ${words}`]);
      return 0;
    },
  });
  addModelDraft(models, runtime);
  define<{ reason: string }>(models, runtime, {
    usage: 'state <model> <state>',
    summary: 'Changes whether a model may be used: experimental, validated, deprecated or disabled.',
    options: (command) => command.option('--reason <text>', 'why, for the audit log', ''),
    run: async ({ services, call, out }, [name = '', state = ''], { reason }) => {
      const request = {
        name: fullName('models', name),
        state: parseEnum('state', ModelStateSchema, state),
        reason,
      };
      const { model } = await services.catalog.updateModelState(request, call);
      if (model !== undefined)
        out.message(ModelSchema, model, [`${model.name}: ${enumWord(ModelStateSchema, model.state)}`]);
      return 0;
    },
  });
  define<{ remove?: boolean }>(models, runtime, {
    usage: 'alias <alias> [model]',
    summary: 'Points an alias at a model, so that whoever names the alias uses the model.',
    options: (command) => command.option('--remove', 'remove the alias'),
    run: async ({ services, call, out }, [alias = '', target = ''], { remove }) => {
      if ((target === '') !== (remove === true)) {
        throw new UsageError('Name the model that the alias is to point at, or say --remove.');
      }
      const name = fullName('models', alias);
      const request = { alias: name, model: target === '' ? '' : fullName('models', target) };
      const answer = await services.catalog.setModelAlias(request, call);
      const words = answer.model === undefined ? 'removed' : `stands for ${answer.model.name}`;
      out.message(SetModelAliasResponseSchema, answer, [`${name}: ${words}`]);
      return 0;
    },
  });
  define(models, runtime, {
    usage: 'dependents <model>',
    summary: 'Shows what depends on a model.',
    run: async ({ services, call, out }, [name = '']) => {
      const request = { name: fullName('models', name), pageSize: 500 };
      const answer = await services.catalog.listModelDependents(request, call);
      const rows = answer.dependents.map(({ resource, team, relation }) => [resource, team, relation]);
      out.message(
        ListModelDependentsResponseSchema,
        answer,
        rows.length === 0 ? ['Nothing depends on it.'] : table(['resource', 'team', 'as'], rows),
      );
      return 0;
    },
  });
}

/** The entry of a name, be it of the platform or registered; undefined where there is none. */
async function presentModel(
  { catalog }: Session['services'],
  call: Session['call'],
  name: string,
): Promise<Model | undefined> {
  try {
    return (await catalog.getModel({ name }, call)).model;
  } catch (error) {
    if (error instanceof AtelierError && error.code === Code.NOT_FOUND) return undefined;
    throw error;
  }
}
