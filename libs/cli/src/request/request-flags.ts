import type { Command } from 'commander';
import { repeatable } from '../commands/define.ts';

/** Options that say what is asked for, of `generate`, `create` and `preview`. */
export interface RequestFlags {
  readonly project?: string;
  readonly model?: string;
  readonly var: readonly string[];
  readonly vars?: string;
  readonly style: readonly string[];
  readonly task?: string;
  readonly seed?: string;
  readonly size?: string;
  readonly aspectRatio?: string;
  readonly resolution?: string;
  readonly count?: string;
  readonly quality?: string;
  readonly background?: string;
  readonly format?: string;
  readonly negativePrompt?: string;
  readonly guidance?: string;
  readonly steps?: string;
  readonly param: readonly string[];
  readonly reference: readonly string[];
  readonly onUnsupported?: string;
  readonly template?: string;
  readonly rubric?: string;
  readonly maxRounds?: string;
  readonly candidates?: string;
  readonly maxCost?: string;
  readonly maxDuration?: string;
  readonly fallback: readonly string[];
  readonly refine: boolean;
  readonly experimental?: boolean;
  readonly promptMode?: string;
  readonly label: readonly string[];
  readonly subject?: string;
  readonly requestId?: string;
  readonly request?: string;
}

/** Adds the options that say what is asked for. */
export function addRequestFlags(command: Command): Command {
  const many = (flags: string, description: string) => repeatable(command, flags, description);
  command
    .option('-p, --project <name>', 'project (default: ATELIER_PROJECT)')
    .option('-m, --model <name>', "model (default: the project's)");
  many(
    '--var <key=value>',
    "variable of the project's template; repeatable. Numbers and JSON are read as such",
  );
  command.option('--vars <file>', 'variables from a file of YAML or JSON');
  many(
    '--style <key=value>',
    "style that overrides the template's default, such as lighting=candles; repeatable",
  );
  command
    .option(
      '--task <task>',
      'generate, edit, inpaint, replace-background, remove-background, outpaint, upscale',
    )
    .option('--seed <n>', 'seed of the first candidate')
    .option('--size <WxH>', 'exact size in pixels, such as 768x768')
    .option('--aspect-ratio <W:H>', 'aspect ratio, such as 16:9')
    .option('--resolution <class>', '512, 1k, 2k or 4k')
    .option('--count <n>', 'finished images wanted')
    .option('--quality <level>', 'low, medium, high or max')
    .option('--background <kind>', 'opaque or transparent')
    .option('--format <format>', 'png, jpeg or webp')
    .option('--negative-prompt <text>', 'what must not be in the picture')
    .option('--guidance <n>', 'classifier-free guidance scale')
    .option('--steps <n>', 'denoising steps');
  many('--param <field=value>', 'any other field of the unified parameters, value in JSON; repeatable');
  many(
    '--reference <role=source[@strength]>',
    'reference image: role init, mask, style, subject or control; source a file, images/ID or URL; strength 0 keeps it, 1 ignores it; repeatable',
  );
  command
    .option('--on-unsupported <policy>', 'strict, adapt or ignore what the model cannot honour')
    .option('--template <name>', "template or version (default: the project's)")
    .option('--rubric <name>', "rubric or version (default: the project's)")
    .option('--max-rounds <n>', 'most rounds, the first included')
    .option('--candidates <n>', 'candidates in a round')
    .option('--max-cost <usd>', 'most that it may cost, in dollars')
    .option('--max-duration <time>', 'longest time, such as 90s or 5m');
  many('--fallback <model>', 'model to go on with when one fails; repeatable');
  command
    .option('--no-refine', 'further rounds are other seeds of the same prompt')
    .option('--experimental', 'allow models that are experimental')
    .option('--prompt-mode <mode>', 'render the template as it is, or expand it by the configured writer');
  many('--label <key=value>', 'label of the generation and its images; repeatable');
  return command
    .option('--subject <id>', 'your key for what the image shows, such as a SKU')
    .option('--request-id <id>', 'makes the call idempotent for 7 days (default: a new one)')
    .option('--request <file>', 'a GenerationRequest in YAML or JSON; the other options override its fields');
}
