import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from '@jest/globals';

/** A program that some suites need and npm cannot install. */
export interface Program {
  readonly name: string;
  /** Arguments with which it answers and exits 0. */
  readonly probe: readonly string[];
  /** The one command that installs it. */
  readonly install: string;
}

/** Programs by their names. */
export const programs = {
  grpcurl: {
    name: 'grpcurl',
    probe: ['-version'],
    install: 'go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4',
  },
  redis: {
    name: 'redis-server',
    probe: ['--version'],
    install: 'apt-get install redis-server',
  },
  pythonGrpc: {
    name: 'python3',
    probe: ['-c', 'import grpc_tools, google.rpc'],
    install: 'pip install grpcio-tools==1.82.1 googleapis-common-protos==1.75.0',
  },
  /** Four addresses of loopback besides the usual one, which Linux has by itself. */
  loopbacks: {
    name: 'node',
    probe: [
      '-e',
      'for (const n of [2, 3, 4, 5]) require("net").createServer().listen(0, "127.0.0." + n, function () { this.close() })',
    ],
    install: 'for n in 2 3 4 5; do sudo ifconfig lo0 alias 127.0.0.$n up; done',
  },
} as const satisfies Record<string, Program>;

/** The search path, with the place where Go installs. */
export function searchPath(): string {
  return [process.env.PATH ?? '', join(homedir(), 'go', 'bin')].join(delimiter);
}

/**
 * A `describe` for suites that need a program. Where it is missing the suite is skipped, and the run says so at its end
 * with the command that installs it; in CI that fails the run.
 */
export function describeWith(program: Program, name: string, suite: () => void): void {
  const { status } = spawnSync(program.name, [...program.probe], {
    env: { ...process.env, PATH: searchPath() },
    stdio: 'ignore',
  });
  if (status === 0) {
    describe(name, suite);
    return;
  }
  const list = process.env.ATELIER_TESTS_LEFT_OUT;
  if (list !== undefined) appendFileSync(list, `  ${name}: ${program.install}\n`);
  describe.skip(name, suite);
}
