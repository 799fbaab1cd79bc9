import {
  type DraftModelResponse,
  DraftModelResponseSchema,
} from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { type Model, ModelSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { type JsonObject, toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { Document, visit } from 'yaml';
import { toEntryForm } from '../files/entry-form.ts';
import { writeNew } from '../files/write-new.ts';
import { plain } from '../output/text.ts';
import { UsageError } from '../usage-error.ts';
import { define, type Runtime } from './define.ts';

/** `atelier models import`: an entry drafted from what a provider publishes, to be completed and registered by a person. */
export function addModelDraft(models: Command, runtime: Runtime): void {
  define<{ output?: string }>(models, runtime, {
    usage: 'import <instance:model>',
    summary:
      "Drafts an entry from the schema that a provider publishes of a model, given by provider instance and the provider's own name for it. Registers nothing.",
    options: (command) => command.option('-o, --output <file>', 'write the draft to a new file'),
    run: async ({ services, call, out }, [source = ''], { output }) => {
      const [provider = '', ...rest] = source.split(':');
      const nativeModel = rest.join(':');
      if (provider === '' || nativeModel === '') {
        throw new UsageError(`"${source}" is not INSTANCE:MODEL, such as replicate:OWNER/NAME`);
      }
      const answer = await services.catalog.draftModel({ provider, nativeModel }, call);
      const lines = draftLines(answer);
      if (output !== undefined) await writeNew(output, lines);
      out.message(
        DraftModelResponseSchema,
        answer,
        output === undefined
          ? lines
          : [
              `${output}: a draft of ${answer.model?.name}`,
              ...answer.notes.map((note) => `  to do: ${plain(note)}`),
            ],
      );
      return 0;
    },
  });
}

/** The draft as a file, in front of it what a person has to look at. */
function draftLines({ model, notes }: DraftModelResponse): string[] {
  return [
    ...notes.map((note) => `# To do: ${plain(note)}`),
    ...(model === undefined ? [] : [entryText(model)]),
  ];
}

/** What is told first; all else follows as it comes. */
const FIRST = [
  'name',
  'display_name',
  'description',
  'provider',
  'native_model',
  'operation',
  'state',
  'tasks',
];

/** The entry as those of the catalog are written. Ratios are quoted, since some readers of YAML take them for times. */
function entryText(model: Model): string {
  const entry = toEntryForm(ModelSchema, toJson(ModelSchema, model)) as JsonObject;
  const first = FIRST.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]] as const]));
  const document = new Document({ ...Object.fromEntries(first), ...entry });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && /^\d+:\d+$/.test(node.value)) node.type = 'QUOTE_SINGLE';
    },
  });
  return document.toString({ lineWidth: 120 }).trimEnd();
}
