// `npm start`: five services as five processes on loopback, the sample projects in them, and one sample generation printed
// round by round. It then keeps serving, until Ctrl-C; with --once it ends after the sample.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchMesh, type Mesh, type ServiceName, serviceNames } from '@atelier/launch';

const HELP = `usage: npm start -- [options]

Starts Atelier on this machine: five services on loopback, nothing to install, no key, no network.

  --once         end after the sample generation
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

const { values: options } = parseArgs({
  options: {
    once: { type: 'boolean' },
    'free-ports': { type: 'boolean' },
    'no-sample': { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const root = resolve(import.meta.dirname, '..');
const dataDir = resolve(root, process.env.ATELIER_DATA_DIR ?? '.atelier');
const say = (text: string) => process.stdout.write(`${text}\n`);

if (options.help === true) say(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  const logs = openLogs();
  let mesh: Mesh;
  try {
    mesh = await launchMesh({
      dataDir,
      ports: options['free-ports'] === true ? 'free' : 'default',
      onLine: (service, line) => logs.get(service)?.write(`${line}\n`),
    });
  } catch (error) {
    return failed(error as Error);
  }
  const stopped = signalled();
  const work = (async () => {
    await Promise.all(
      samples.map((name) => atelier(mesh, ['apply', join(root, 'deploy/samples', name), '--quiet'])),
    );
    say(`Atelier is up: gRPC ${mesh.address}, HTTP ${mesh.httpUrl}. Logs: ${join(dataDir, 'logs')}\n`);
    if (options['no-sample'] === true) return 0;
    const image = join(dataDir, 'sample.png');
    // 3 says that the images were not approved, which is a result and not a fault.
    const code = await atelier(mesh, [...sample, '--output', image], [0, 3]);
    say(`\nThe image: ${image}`);
    return code === 0 ? 0 : 1;
  })();
  const code = await Promise.race([work, stopped]);
  if (code === 0 && options.once !== true) {
    say(`\nServing until Ctrl-C. Try: grpcurl -plaintext ${mesh.address} list`);
    await stopped;
  }
  await mesh.stop();
  for (const log of logs.values()) log.end();
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

/** Resolves to the exit code once the user asks to stop. */
function signalled(): Promise<number> {
  return new Promise((done) => {
    process.once('SIGINT', () => done(0));
    process.once('SIGTERM', () => done(0));
  });
}

/** Says why the mesh did not start. */
function failed(error: Error): number {
  process.stderr.write(`${error.message}\nIf a port is taken: npm start -- --free-ports\n`);
  return 1;
}
