import type { TemplateContent } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readLibraryFile } from '../files/library-file.ts';
import { isFileName } from '../files/library-file-names.ts';
import type { Library, LibraryVersion } from '../library/library.ts';
import { versionName } from '../library/name.ts';
import { type DialectPreview, dialectGroups, dialectsOf } from '../library/preview.ts';
import { questionLines, questionsJson } from '../library/question-lines.ts';
import { formatCost } from '../output/format.ts';
import { labelled, plain } from '../output/text.ts';
import { parsePairs } from '../request/values.ts';
import { readVariables } from '../request/variables.ts';
import type { Session } from '../session.ts';
import { repeatable } from './define.ts';
import type { LibraryCommands } from './library-command.ts';

interface PreviewOptions {
  readonly var: readonly string[];
  readonly vars?: string;
  readonly style: readonly string[];
  readonly dialect: readonly string[];
}

/** `preview`: what comes of sample variables, without a project and without spending anything. */
export function addLibraryPreview({ kind, noun, add }: LibraryCommands): void {
  const ofTemplates = kind === 'templates';
  add<PreviewOptions>({
    usage: `preview <${noun}>`,
    summary: ofTemplates
      ? 'Shows the prompt and the negative prompt of a template, from a file or NAME[@VERSION], in each dialect. Without variables those of its first example are taken.'
      : 'Shows the questions of a rubric, from a file or NAME[@VERSION], as they would be asked. `atelier preview` shows them with the variables of a project’s template.',
    options: (command) => {
      repeatable(command, '--var <key=value>', 'sample variable; repeatable').option(
        '--vars <file>',
        'sample variables from a file',
      );
      repeatable(command, '--style <key=value>', 'style in place of the default; repeatable');
      if (ofTemplates) repeatable(command, '--dialect <name>', 'only this dialect, such as tags; repeatable');
    },
    examples: ofTemplates
      ? [
          'templates preview template.yaml --var item=apples --var count=3 --var colour=red',
          'templates preview produce-cutout@production --style lighting="candle light" --dialect tags',
        ]
      : ['rubrics preview rubric.yaml --var item=apples --var count=3 --var background=white'],
    run: async (library, session, [target = ''], options) => {
      const { content, name } = await readTarget(library, target);
      const given = options.var.length > 0 || options.vars !== undefined;
      const variables = given ? await readVariables(options.var, options.vars) : undefined;
      const style = parsePairs('--style', options.style);
      const shown = { library, session, name, content, style };
      if (ofTemplates) await showTemplate({ ...shown, variables, dialects: options.dialect ?? [] });
      else await showRubric({ ...shown, variables: variables ?? {} });
      return 0;
    },
  });
}

interface Shown {
  readonly library: Library;
  readonly session: Session;
  readonly name: string;
  readonly content: NonNullable<LibraryVersion['content']>;
  readonly style: Readonly<Record<string, string>>;
}

async function showTemplate({
  library,
  session: { out },
  name,
  content,
  style,
  variables,
  dialects,
}: Shown & {
  readonly variables: JsonObject | undefined;
  readonly dialects: readonly string[];
}): Promise<void> {
  const template = content as TemplateContent;
  const example = template.examples[0]?.variables;
  const sample = variables ?? example ?? {};
  const previews: DialectPreview[] = [];
  const warnings = new Set<string>();
  for (const dialect of dialects.length > 0 ? dialects : dialectsOf(template)) {
    const tried = await library.validate(content, { variables: sample, style, dialect });
    for (const warning of tried.warnings) warnings.add(warning);
    previews.push({ dialect, prompt: tried.prompt, negativePrompt: tried.negativePrompt });
  }
  const result = {
    name,
    variables: sample,
    dialects: previews as unknown as JsonValue,
    warnings: [...warnings],
  };
  out.result(result, [
    out.style.bold(name),
    ...(variables === undefined && example !== undefined
      ? ['  with the variables of the first example']
      : []),
    ...dialectGroups(previews).flatMap((group) => [
      '',
      `${out.style.bold(group.dialects.join(', '))}  ${out.style.dim(`${[...group.prompt].length} characters`)}`,
      ...labelled('prompt', plain(group.prompt), out.width),
      ...(group.negativePrompt === '' ? [] : labelled('without', plain(group.negativePrompt), out.width)),
    ]),
    ...(warnings.size === 0 ? [] : ['']),
    ...[...warnings].flatMap((warning) => labelled(out.style.yellow('warning'), plain(warning), out.width)),
  ]);
}

async function showRubric({
  library,
  session: { out },
  name,
  content,
  style,
  variables,
}: Shown & { readonly variables: JsonObject }): Promise<void> {
  const sample = Object.keys(style).length === 0 ? variables : { ...variables, style: { ...style } };
  const { questions, warnings, estimate } = await library.validate(content, { variables: sample });
  const result = { name, variables: sample, questions: questionsJson(questions), warnings: [...warnings] };
  out.result(result, [
    out.style.bold(name),
    ...questions.flatMap((question) => questionLines(question, out.style, out.width)),
    ...(estimate === undefined
      ? []
      : ['', ...labelled('cost', `at most ${formatCost(estimate)} a look`, out.width)]),
    ...(warnings.length === 0 ? [] : ['']),
    ...warnings.flatMap((warning) => labelled(out.style.yellow('warning'), plain(warning), out.width)),
  ]);
}

async function readTarget(library: Library, target: string): Promise<Pick<Shown, 'name' | 'content'>> {
  if (isFileName(target)) {
    const { name, content } = await readLibraryFile(library.kind, target);
    return { name, content };
  }
  const { version } = await library.get(versionName(library.kind, target));
  if (version.content === undefined) throw new Error(`${version.name} came without its content`);
  return { name: version.name, content: version.content };
}
