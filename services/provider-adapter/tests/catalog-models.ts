import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { readCatalog, readEntry } from '../src/catalog/data-files.ts';

const anything = { hasProvider: () => true };

/** The entries that come with the service, by id. */
export async function builtInModels(): Promise<(id: string) => Model> {
  const models = new Map((await readCatalog(anything)).map((model) => [model.name, model]));
  return (id) => {
    const model = models.get(`models/${id}`);
    if (model === undefined) throw new Error(`there is no model ${id}`);
    return model;
  };
}

/** A model from an entry as the data files write them; throws with what is wrong with it. */
export function modelOf(entry: object): Model {
  const { model, faults } = readEntry(
    {
      name: 'models/test',
      provider: 'test',
      native_model: 'test',
      tasks: ['generate'],
      max_images_per_request: 1,
      ...entry,
    },
    anything,
  );
  if (model === undefined) throw new Error(JSON.stringify(faults));
  return model;
}
