import { expect, test } from '@jest/globals';
import { run } from './run.ts';

const project = ['--project', 'produce-cutouts'];

/** Runs the command in this process; nothing of what is tested here gets as far as a call. */
async function runHere(args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await run(args, {
    stdout: {
      write: (text) => {
        stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
    },
    env: { ATELIER_ADDRESS: '127.0.0.1:1' },
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

test.each([
  [['generate', ...project], 'Say what is wanted'],
  [['generate', ...project, 'a pear', '--var', 'item=x'], 'not both'],
  [['generate', ...project, 'a pear', '--size', 'large'], '--size: "large" is not a size'],
  [['generate', ...project, 'a pear', '--seed', '1.5'], '--seed: "1.5" is not a whole number'],
  [['generate', ...project, 'a pear', '--quality', 'best'], 'is none of low, medium, high, max'],
  [
    ['generate', ...project, 'a pear', '--param', 'guidence=3'],
    'guidence: unknown key (did you mean guidance?)',
  ],
  [
    ['generate', ...project, 'a pear', '--max-cost', 'much'],
    '--max-cost: "much" is not an amount of dollars',
  ],
  [
    ['generate', ...project, 'a pear', '--reference', 'init=/no/such.png'],
    '/no/such.png: cannot be read (ENOENT)',
  ],
  [['generate', ...project, 'a pear', '--events'], '--events needs --json'],
  [['generate', '--request', '/no/such.yaml'], '/no/such.yaml: there is no such file'],
  [['models', 'import', 'owner/name'], '"owner/name" is not INSTANCE:MODEL'],
  [['genrate'], "unknown command 'genrate'"],
  [['get'], "missing required argument 'generation'"],
])('%j is wrong usage', async (args, message) => {
  const { code, stderr } = await runHere(args);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test.each([
  [['--help'], 'Exit codes:'],
  [['generate', '--help'], 'Examples:\n  atelier generate --project'],
  [['templates', 'alias', '--help'], 'version 0 takes the alias away'],
  [['--version'], /^\d+\.\d+\.\d+/],
])('%j helps', async (args, text) => {
  const { code, stdout } = await runHere(args);
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    typeof text === 'string' ? new RegExp(text.replaceAll(/\s+/g, ' ')) : text,
  );
  expect(code).toBe(0);
});
