import { run } from '../src/run.ts';
import type { CommandResult } from './command.ts';

/** Runs the command in this process, for tests that run it often. `atelier` of `command.ts` runs it as users do. */
export async function runHere(address: string, args: readonly string[]): Promise<CommandResult> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await run(args, {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: { ATELIER_ADDRESS: address },
    signal: new AbortController().signal,
  });
  return { code, ...written };
}

/** The result of a command that must succeed. */
export async function jsonHere(address: string, ...args: string[]) {
  const { code, stdout, stderr } = await runHere(address, [...args, '--json']);
  if (code !== 0) throw new Error(`atelier ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}
