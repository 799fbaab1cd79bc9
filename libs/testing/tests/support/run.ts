import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { searchPath } from '../../src/index.ts';

const execute = promisify(execFile);

/** Runs a program and gives what it printed. Rejects with what it complained of where it does not exit 0. */
export async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await execute(program, [...args], {
    env: { ...process.env, PATH: searchPath(), ...env },
    maxBuffer: 16 * 1_024 * 1_024,
  });
  return stdout;
}
