import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RubricContent } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { TemplateContent } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { type ProjectDir, readProjectDir } from '../../src/files/project-dir.ts';

/** Where the starter library is. */
export const starterFolder = fileURLToPath(new URL('../../../../deploy/starter/', import.meta.url));

/** The folders of the starter library. */
export const starters = [
  'product-cut-out',
  'lifestyle-scene',
  'banner-with-text',
  'category-tile',
  'recipe',
  'seasonal',
] as const;

/** A starter with what is in its files. */
export interface Starter {
  readonly name: string;
  readonly dir: ProjectDir;
  readonly template: TemplateContent;
  /** The whole gate. */
  readonly rubric: RubricContent;
  /** What the builtin judge measures alone. */
  readonly measured: RubricContent;
}

export async function readStarter(name: string): Promise<Starter> {
  const dir = await readProjectDir(join(starterFolder, name));
  const rubric = (id: string) =>
    dir.rubrics.find(({ main }) => main.name === `rubrics/${id}`)?.main.content as RubricContent;
  return {
    name,
    dir,
    template: dir.templates[0]?.main.content as TemplateContent,
    rubric: rubric(`starter-${name}`),
    measured: rubric(`starter-${name}-measured`),
  };
}
