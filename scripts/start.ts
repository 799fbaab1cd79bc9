// `npm start`: five services as five processes on loopback, the sample projects in them, and one sample generation printed
// round by round. It then keeps serving, until Ctrl-C; with --once it ends after the sample.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchMesh, type Mesh, type ServiceName, serviceNames, supervise } from '@atelier/launch';

const HELP = `usage: npm start -- [options]

Starts Atelier on this machine: five services on loopback, nothing to install, no key, no network.

  --once         end after the sample generation; exits 3 where its image was not approved
  --free-ports   listen on ports that are free, in place of the usual ones
  --no-sample    only start the services and bring the sample projects in
  --help         this text

State is kept in ATELIER_DATA_DIR (default .atelier), logs in its folder logs/.
`;

const samples = ['produce-cutouts', 'campaign-banners', 'category-tiles'];
/** A generation that is seen to fail at first and to be mended, so that the sample shows the whole cycle. */
const sample = [
  ...['generate', '--project', 'projects/produce-cutouts', '--model', 'models/studio-standard'],
  ...['--var', 'item=apples', '--var', 'count=3', '--var', 'colour=red', '--seed', '900'],
];

/** What the command exits with where the images were not approved, which is a result and not a fault. */
const NOT_APPROVED = 3;

const root = resolve(import.meta.dirname, '..');
const dataDir = resolve(root, process.env.ATELIER_DATA_DIR ?? '.atelier');
const say = (text: string) => process.stdout.write(`${text}\n`);

const options = readOptions();
if (options === undefined) process.exitCode = 2;
else if (options.help) say(HELP);
else process.exitCode = await main(options);

interface Options {
  readonly once: boolean;
  readonly 'free-ports': boolean;
  readonly 'no-sample': boolean;
  readonly help: boolean;
}

/** The options; undefined, and the user told, where one is not known. */
function readOptions(): Options | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      options: { once: flag, 'free-ports': flag, 'no-sample': flag, help: flag },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return undefined;
  }
}

async function main(options: Options): Promise<number> {
  const logs = openLogs();
  const logFolder = join(dataDir, 'logs');
  let mesh: Mesh;
  try {
    mesh = await launchMesh({
      dataDir,
      ports: options['free-ports'] ? 'free' : 'default',
      onLine: (service, line) => logs.get(service)?.write(`${line}\n`),
    });
  } catch (error) {
    return failed(error as Error);
  }
  const stopping = new AbortController();
  supervise(mesh, (text) => process.stderr.write(`${text}\n`), stopping.signal);
  const stopped = signalled();
  const work = (async () => {
    await Promise.all(
      samples.map((name) => atelier(mesh, ['apply', join(root, 'deploy/samples', name), '--quiet'])),
    );
    say(`Atelier is up: gRPC ${mesh.address}, HTTP ${mesh.httpUrl}. Logs: ${logFolder}\n`);
    if (options['no-sample']) return 0;
    const image = join(dataDir, 'sample.png');
    const code = await atelier(mesh, [...sample, '--output', image], [0, NOT_APPROVED]);
    say(`\nThe image: ${image}`);
    return code;
  })();
  let code = 1;
  try {
    const done = await Promise.race([work, stopped.then(() => undefined)]);
    if (done !== undefined && !options.once) {
      say(`\nServing until Ctrl-C. Try: grpcurl -plaintext ${mesh.address} list`);
      await stopped;
    }
    code = options.once ? (done ?? 0) : 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}. The services' logs are in ${logFolder}\n`);
  } finally {
    stopping.abort();
    await mesh.stop();
    for (const log of logs.values()) log.end();
  }
  return code;
}

function openLogs(): Map<ServiceName, WriteStream> {
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  return new Map(
    serviceNames.map((name) => [
      name,
      createWriteStream(join(dataDir, 'logs', `${name}.log`), { flags: 'w' }),
    ]),
  );
}

/** Runs the command that users run, against this mesh. */
async function atelier(mesh: Mesh, args: readonly string[], good: readonly number[] = [0]): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'libs/cli/src/main.ts'), ...args],
    { stdio: 'inherit', env: { ...process.env, ATELIER_ADDRESS: mesh.address } },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === null || !good.includes(code)) throw new Error(`atelier ${args[0]} ended with ${code}`);
  return code;
}

/** Resolves once the user asks to stop. */
function signalled(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}

/** Says why the mesh did not start. */
function failed(error: Error): number {
  process.stderr.write(`${error.message}\nIf a port is taken: npm start -- --free-ports\n`);
  return 1;
}
