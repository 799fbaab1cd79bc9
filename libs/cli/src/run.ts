import { AtelierError } from '@atelier/client';
import { CommanderError } from 'commander';
import { Exit, exitCodeOf } from './exit-codes.ts';
import type { Io } from './io.ts';
import { errorJson, errorLines } from './output/print-error.ts';
import { styleFor } from './output/style.ts';
import { buildProgram } from './program.ts';
import { DEFAULT_ADDRESS } from './session.ts';
import { UsageError } from './usage-error.ts';

/** Runs the command with its arguments and gives the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let exitCode: number = Exit.OK;
  const program = buildProgram({
    io,
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version come as errors too; their text is out already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.OK : Exit.USAGE;
    if (io.signal.aborted) {
      io.stderr.write('Interrupted. What was started on the platform goes on.\n');
      return Exit.INTERRUPTED;
    }
    const { address = io.env.ATELIER_ADDRESS || DEFAULT_ADDRESS, json } = program.opts<{
      address?: string;
      json?: boolean;
    }>();
    if (json === true) io.stdout.write(`${JSON.stringify(errorJson(error), undefined, 2)}\n`);
    for (const line of errorLines(error, styleFor(io.stderr, io.env), address)) io.stderr.write(`${line}\n`);
    if (error instanceof UsageError) return Exit.USAGE;
    return error instanceof AtelierError ? exitCodeOf(error) : Exit.FAILED;
  }
}
