import type { TemplateContent } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';

/** What comes of a template in one dialect. */
export interface DialectPreview {
  readonly dialect: string;
  readonly prompt: string;
  readonly negativePrompt: string;
}

/** Dialects that entries of the catalog have. A template that lacks one uses its own body. */
const KNOWN_DIALECTS = ['natural', 'tags', 'short'];

/** The dialects in which a template is worth looking at. */
export function dialectsOf({ dialects }: Pick<TemplateContent, 'dialects'>): string[] {
  return [...new Set([...KNOWN_DIALECTS, ...dialects.map(({ dialect }) => dialect)])];
}

/** Previews that say the same, together. */
export function dialectGroups(
  previews: readonly DialectPreview[],
): { readonly dialects: string[]; readonly prompt: string; readonly negativePrompt: string }[] {
  const groups = new Map<string, { dialects: string[]; prompt: string; negativePrompt: string }>();
  for (const { dialect, prompt, negativePrompt } of previews) {
    const key = JSON.stringify([prompt, negativePrompt]);
    const group = groups.get(key) ?? { dialects: [], prompt, negativePrompt };
    group.dialects.push(dialect);
    groups.set(key, group);
  }
  return [...groups.values()];
}
