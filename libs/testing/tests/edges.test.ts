import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Atelier, createAtelier } from '@atelier/client';
import { type ServiceName, serviceNames } from '@atelier/launch';
import { ListTeamsResponseSchema } from '@atelier/protos/atelier/gateway/v1/team_service_pb.ts';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWith, launchTestMesh, programs, type TestMesh } from '../src/index.ts';
import { ask } from './support/http.ts';
import { sha256 } from './support/pictures.ts';
import { run } from './support/run.ts';

// The edges as others meet them: grpcurl, curl, browsers, and stubs in another language.

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sharp = { id: 'sharp', text: 'Is it sharp?', required: true, check: { kind: 'sharpness' } };

let mesh: TestMesh;
let atelier: Atelier;

beforeAll(async () => {
  mesh = await launchTestMesh();
  atelier = createAtelier({ address: mesh.mesh.address });
  await atelier.services.projects.createProject({
    project: { name: 'projects/edges', defaultModel: 'models/sandbox-approve', questions: [sharp] },
  });
}, 120_000);

afterAll(async () => {
  atelier?.close();
  await mesh?.[Symbol.asyncDispose]();
});

/** What a JSON answer shows of a generation. */
interface Shown {
  readonly generation: {
    readonly name: string;
    readonly outcome: string;
    readonly results: readonly {
      readonly stableUrl: string;
      readonly image: { sha256: string; url: string };
    }[];
  };
}

describeWith(programs.grpcurl, 'grpcurl', () => {
  /** Runs `grpcurl -plaintext [-d data] address verb…`. */
  const grpcurl = (service: ServiceName, verb: string, data?: object) => {
    const address = `127.0.0.1:${mesh.mesh.ports.grpc[service]}`;
    const body = data === undefined ? [] : ['-d', JSON.stringify(data)];
    return run('grpcurl', ['-plaintext', ...body, address, ...verb.split(' ')]);
  };
  const generating = (method: string, project: string, brief: object) =>
    grpcurl('gateway', `atelier.gateway.v1.GenerationService/${method}`, {
      generation: { project: `projects/${project}`, brief },
    });

  const OWN: Readonly<Record<ServiceName, readonly string[]>> = {
    gateway: ['gateway.v1.GenerationService', 'prompt.v1.TemplateService', 'storage.v1.ImageService'],
    'prompt-template': ['prompt.v1.PromptService', 'prompt.v1.TemplateService'],
    'provider-adapter': ['provider.v1.CatalogService', 'provider.v1.ImageGenerationService'],
    evaluator: ['evaluation.v1.EvaluationService', 'evaluation.v1.RubricService'],
    storage: ['storage.v1.DocumentService', 'storage.v1.ImageService', 'storage.v1.RecordService'],
  };

  test.each(serviceNames)('%s: list, describe and health', async (service) => {
    const listed = (await grpcurl(service, 'list')).trim().split('\n');
    expect(listed).toEqual(expect.arrayContaining(OWN[service].map((name) => `atelier.${name}`)));
    expect(listed).toContain('grpc.health.v1.Health');
    const described = await Promise.all(listed.map((name) => grpcurl(service, `describe ${name}`)));
    expect(described.every((text) => text.includes('service ') && text.includes('rpc '))).toBe(true);
    const health = await grpcurl(service, 'grpc.health.v1.Health/Check');
    expect(JSON.parse(health)).toEqual({ status: 'SERVING' });
  });

  test('Generate', async () => {
    const answer = await generating('Generate', 'edges', { prompt: 'a red ball' });
    const { generation } = JSON.parse(answer) as Shown;
    expect(generation.outcome).toBe('OUTCOME_APPROVED');
    await download(generation);
  });

  test('StreamGenerate', async () => {
    const answer = await generating('StreamGenerate', 'edges', { prompt: 'a red ball' });
    const events = answer.match(
      /"(accepted|roundStarted|promptReady|candidateReady|candidateJudged|finished)": \{/g,
    );
    const names = events?.map((text) => text.slice(1, text.indexOf('"', 1)));
    expect(names).toEqual([
      'accepted',
      'roundStarted',
      'promptReady',
      'candidateReady',
      'candidateJudged',
      'finished',
    ]);
  });

  test.each([
    ['produce-cutouts', { item: 'apples', count: 2, colour: 'red' }],
    ['campaign-banners', { headline: 'FRESH', motif: 'red apples', background: 'light yellow' }],
    ['category-tiles', { item: 'apples', count: 3, background: 'light yellow' }],
  ])('Generate for the sample project %s', async (sample, variables) => {
    const cli = join(root, 'libs/cli/src/main.ts');
    const folder = join(root, 'deploy/samples', sample);
    const flags = ['--disable-warning=ExperimentalWarning', cli, 'apply', folder];
    await run(process.execPath, flags, { ATELIER_ADDRESS: mesh.mesh.address });
    const answer = await generating('Generate', sample, { variables });
    const { generation } = JSON.parse(answer) as Shown;
    expect(['OUTCOME_APPROVED', 'OUTCOME_NEEDS_REVIEW', 'OUTCOME_EXHAUSTED']).toContain(generation.outcome);
    await download(generation);
  });
});

describe('HTTP', () => {
  test('Generate with JSON, as curl sends it', async () => {
    const response = await fetch(`${mesh.mesh.httpUrl}/atelier.gateway.v1.GenerationService/Generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ generation: { project: 'projects/edges', brief: { prompt: 'a red ball' } } }),
    });
    expect(response.status).toBe(200);
    const { generation } = (await response.json()) as Shown;
    expect(generation.outcome).toBe('OUTCOME_APPROVED');
    await download(generation);
  });

  test('the stable address of an image redirects to its bytes', async () => {
    const { results } = await atelier.generate({ project: 'edges', brief: 'a red ball' });
    const { stableUrl = '', image } = results[0] ?? {};
    expect(stableUrl).toBe(`${mesh.mesh.httpUrl}/${image?.name}`);
    const { status, headers } = await ask(stableUrl);
    expect([status, headers['cache-control']]).toEqual([302, 'no-store']);
    const bytes = Buffer.from(await (await fetch(headers.location ?? '')).arrayBuffer());
    expect(sha256(bytes)).toBe(image?.sha256);
  });

  test('a range of an image, and the image that is there already', async () => {
    const { results } = await atelier.generate({ project: 'edges', brief: 'a red ball' });
    const { url = '' } = results[0]?.image ?? {};
    const whole = await ask(url);
    const part = await ask(url, { headers: { range: 'bytes=1-3' } });
    expect([part.status, part.body.toString()]).toEqual([206, 'PNG']);
    const same = await ask(url, { headers: { 'if-none-match': whole.headers.etag ?? '' } });
    expect([same.status, same.body.length]).toEqual([304, 0]);
  });

  test('gRPC-Web, as browsers speak it', async () => {
    const response = await fetch(`${mesh.mesh.httpUrl}/atelier.gateway.v1.TeamService/ListTeams`, {
      method: 'POST',
      headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' },
      body: new Uint8Array(5),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/grpc-web+proto',
    ]);
    const body = Buffer.from(await response.arrayBuffer());
    const end = 5 + body.readUInt32BE(1);
    const { teams } = fromBinary(ListTeamsResponseSchema, body.subarray(5, end));
    expect(teams.map(({ name }) => name)).toEqual(['teams/local']);
    expect(body[end]).toBe(0x80);
    expect(
      body
        .subarray(end + 5)
        .toString()
        .toLowerCase(),
    ).toContain('grpc-status: 0');
  });

  test.each(['/healthz', '/readyz'])('%s', async (path) => {
    expect((await ask(`${mesh.mesh.httpUrl}${path}`)).status).toBe(200);
  });
});

describeWith(programs.pythonGrpc, 'stubs in Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-python-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('made by protoc from the protos, they call Generate', async () => {
    mkdirSync(folder, { recursive: true });
    const protos = join(root, 'protos');
    const files = readdirSync(join(protos, 'atelier'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.proto'))
      .map((file) => join('atelier', file));
    await run('python3', [
      ...['-m', 'grpc_tools.protoc', `-I${protos}`, `-I${join(protos, 'third_party')}`],
      ...[`--python_out=${folder}`, `--grpc_python_out=${folder}`],
      ...[...files, 'buf/validate/validate.proto'],
    ]);
    const script = fileURLToPath(new URL('./python/call_generate.py', import.meta.url));
    const printed = await run('python3', [script, mesh.mesh.address, 'projects/edges'], {
      PYTHONPATH: folder,
    });
    const { outcome, subject, sha256: digest, url, refusal } = JSON.parse(printed) as Record<string, string>;
    expect([outcome, subject]).toEqual(['OUTCOME_APPROVED', 'python']);
    expect(refusal).toEqual(['INVALID_ARGUMENT', 'INVALID_FIELD', 'generation.model']);
    const bytes = Buffer.from(await (await fetch(url ?? '')).arrayBuffer());
    expect(sha256(bytes)).toBe(digest);
  });
});

/** The best image by its PUBLIC url, and what its digest says. */
async function download({ results }: Shown['generation']): Promise<void> {
  const [best] = results;
  expect(best?.image.url).toContain(`http://127.0.0.1:${mesh.mesh.ports.storageHttp}/`);
  const bytes = Buffer.from(await (await fetch(best?.image.url ?? '')).arrayBuffer());
  expect(sha256(bytes)).toBe(best?.image.sha256);
}
