import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Where the sample projects are. */
export const samplesFolder = fileURLToPath(new URL('../../../../deploy/samples/', import.meta.url));

/** The sample projects, by the names of their folders. */
export const sampleProjects = ['produce-cutouts', 'campaign-banners', 'category-tiles'] as const;

/** A brief of a sample project. */
export interface SampleBrief {
  readonly id: string;
  readonly variables: Readonly<Record<string, string | number>>;
}

/** The briefs of a sample project, in the order of their file. */
export async function readBriefs(project: string): Promise<SampleBrief[]> {
  const text = await readFile(join(samplesFolder, project, 'briefs.yaml'), 'utf8');
  const rows = parse(text) as { id: string; brief: { variables: SampleBrief['variables'] } }[];
  return rows.map(({ id, brief }) => ({ id, variables: brief.variables }));
}
