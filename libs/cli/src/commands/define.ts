import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { type GlobalOptions, Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

/** What a command is built with: the process around it, and where its exit code goes. */
export interface Runtime {
  readonly io: Io;
  setExitCode(code: number): void;
}

/** One command. */
export interface CommandSpec<Options> {
  /** Name and arguments, such as `get <name>`. */
  readonly usage: string;
  readonly summary: string;
  /** What the parent does where no command of it is named. */
  readonly isDefault?: boolean;
  /** Examples without the leading `atelier`. */
  readonly examples?: readonly string[];
  readonly options?: (command: Command) => unknown;
  /** Does it, and gives the exit code; nothing means 0. */
  readonly run: (
    session: Session,
    args: readonly string[],
    options: Options & GlobalOptions,
  ) => Promise<number | undefined>;
}

/** Adds a command to its parent. */
export function define<Options>(parent: Command, runtime: Runtime, spec: CommandSpec<Options>): Command {
  const command = parent
    .command(spec.usage, { isDefault: spec.isDefault ?? false })
    .description(spec.summary);
  spec.options?.(command);
  if (spec.examples !== undefined) command.addHelpText('after', examplesText(spec.examples));
  // A mistyped command comes here as an argument of the default one.
  if (spec.isDefault === true) command.allowExcessArguments();
  command.action(async () => {
    const [excess] = command.args;
    if (spec.isDefault === true && excess !== undefined) {
      throw new UsageError(`${parent.name()}: unknown command '${excess}'; add --help for those there are`);
    }
    const options = command.optsWithGlobals<Options & GlobalOptions>();
    using session = new Session(runtime.io, options);
    const args = command.processedArgs.flat().filter((arg): arg is string => typeof arg === 'string');
    runtime.setExitCode((await spec.run(session, args, options)) ?? 0);
  });
  return command;
}

/** Adds a group of commands. */
export function group(parent: Command, name: string, summary: string, examples: readonly string[]): Command {
  return parent.command(name).description(summary).addHelpText('after', examplesText(examples));
}

/** An option that may be given several times. */
export function repeatable(command: Command, flags: string, description: string): Command {
  const option = new Option(flags, description).argParser((value: string, all: readonly string[]) => [
    ...all,
    value,
  ]);
  // A default in the option itself would be told in its help, where "none" goes without saying.
  return command.addOption(option).setOptionValue(option.attributeName(), []);
}

/** How many items a list shows. */
export function addLimit(command: Command, standard = '50'): Command {
  return command.option('-n, --limit <n>', 'most to show', standard);
}

function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  atelier ${example}`).join('\n')}`;
}
