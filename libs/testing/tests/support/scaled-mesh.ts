import { type Atelier, createAtelier } from '@atelier/client';
import type { Variables } from '@atelier/launch';
import {
  type EvaluateImageResponse,
  EvaluationService,
  type Priority,
} from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { type Client, Code, createClient, isRpcError, openChannel } from '@atelier/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { launchTestMesh, startDns, type TestDns, type TestMesh } from '../../src/index.ts';
import { commonPort, type EvaluatorReplica, startEvaluator } from './evaluators.ts';
import { eventually } from './eventually.ts';
import { type Gate, startGate } from './gate.ts';

/** Where replicas may be, as pods are: each at an address of its own, all at the same port. */
export const HOSTS = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'] as const;
const NAME = 'evaluator.test';
const PROJECT = 'replicas';

/** Connections end after three seconds, so that a test need not wait a minute for what production does. */
const YOUNG = { EVALUATOR_WORKERS: '1', EVALUATOR_MAX_CONNECTION_AGE: '3s', EVALUATOR_DRAIN_GRACE: '60s' };

/** By what the pictures are judged. */
export const questions = [
  { id: 'sharp', text: 'Is it sharp?', required: true, check: { kind: 'sharpness' } },
  { id: 'there', text: 'Is something there?', required: true, check: { kind: 'not_blank' } },
];

/** What may differ in an evaluation. */
interface Asked {
  readonly priority?: Priority;
  readonly questions?: MessageInitShape<typeof QuestionSchema>[];
}

/** The same at all addresses. */
interface Ports {
  readonly grpc: number;
  readonly metrics: number;
}

/**
 * A mesh whose evaluator is as many processes as there are addresses behind its name in DNS, which changes while the
 * gateway runs. A gate stands where evaluators fetch images, so that evaluations can be kept waiting.
 */
export class ScaledMesh implements AsyncDisposable {
  readonly gate: Gate;
  readonly atelier: Atelier;
  /** Images that were made for it, `images/{id}`. */
  images: readonly string[] = [];
  /** Those that run. */
  replicas: readonly EvaluatorReplica[] = [];
  readonly #mesh: TestMesh;
  readonly #dns: TestDns;
  readonly #ports: Ports;
  readonly #evaluation: Client<typeof EvaluationService>;
  readonly #owned: AsyncDisposableStack;

  private constructor(mesh: TestMesh, dns: TestDns, gate: Gate, ports: Ports, owned: AsyncDisposableStack) {
    const { address } = mesh.mesh;
    // Without the retries that callers have, so that whatever the gateway loses is seen.
    const channel = owned.use(openChannel(address, { services: [] }));
    this.gate = gate;
    this.atelier = createAtelier({ address, defaults: { project: PROJECT } });
    owned.defer(() => this.atelier.close());
    this.#mesh = mesh;
    this.#dns = dns;
    this.#ports = ports;
    this.#evaluation = createClient(EvaluationService, channel);
    this.#owned = owned;
  }

  /** Starts everything with three replicas. */
  static async start(): Promise<ScaledMesh> {
    await using stack = new AsyncDisposableStack();
    const dns = stack.use(await startDns(NAME));
    const gate = stack.use(await startGate());
    const ports = { grpc: await commonPort(HOSTS), metrics: await commonPort(HOSTS) };
    const mesh = stack.use(
      await launchTestMesh(
        {},
        {
          services: ['storage', 'prompt-template', 'provider-adapter', 'gateway'],
          serviceEnv: {
            gateway: {
              EVALUATOR_URL: `dns://${dns.address}/${NAME}:${ports.grpc}`,
              GRPC_NODE_USE_ALTERNATIVE_RESOLVER: 'true',
            },
            storage: { STORAGE_INTERNAL_URL: gate.url },
          },
        },
      ),
    );
    gate.leadTo(`http://127.0.0.1:${mesh.mesh.ports.storageHttp}`);
    const scaled = new ScaledMesh(mesh, dns, gate, ports, stack.move());
    await scaled.scaleTo(HOSTS.slice(0, 3));
    await scaled.atelier.services.projects.createProject({
      project: { name: `projects/${PROJECT}`, defaultModel: 'models/studio-standard', questions },
    });
    scaled.images = (await scaled.generate(4)).map(({ results }) => results[0]?.image?.name ?? '');
    return scaled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.gate.open();
    await this.#owned.disposeAsync();
  }

  /** Process id of the gateway. */
  get gatewayPid(): number | undefined {
    return this.#mesh.mesh.service('gateway').pid;
  }

  at(host: string): EvaluatorReplica {
    return this.replicas.find((replica) => replica.host === host) as EvaluatorReplica;
  }

  /** Replicas at these addresses and no others; resolves once the gateway has found each. */
  async scaleTo(hosts: readonly string[], env: Variables = {}): Promise<void> {
    await Promise.all(this.replicas.map(({ process }) => process.stop()));
    this.replicas = [];
    await Promise.all(hosts.map((host) => this.add(host, env)));
    for (const replica of this.replicas) {
      await eventually(`the gateway finds ${replica.host}`, async () => {
        const any = { image: 'images/00000000-0000-7000-8000-000000000000', questions };
        const error = await this.#evaluation.evaluateImage(any).catch((thrown: unknown) => thrown);
        // There may be none that it knows for a moment.
        if (!isRpcError(error, Code.NOT_FOUND) && !isRpcError(error, Code.UNAVAILABLE)) throw error;
        return (await replica.answered('NOT_FOUND')) > 0;
      });
    }
  }

  /** One more replica, which DNS then names beside the others. */
  async add(host: string, env: Variables = {}): Promise<EvaluatorReplica> {
    const replica = await startEvaluator(this.#mesh.mesh, host, this.#ports, { ...YOUNG, ...env });
    this.replicas = [...this.replicas, replica];
    this.#dns.answer(this.replicas.map((each) => each.host));
    return replica;
  }

  /** It does not run any more. DNS goes on naming it until the next is added. */
  forget(replica: EvaluatorReplica): void {
    this.replicas = this.replicas.filter((each) => each !== replica);
  }

  /** How many evaluations each replica has answered. */
  answered(): Promise<number[]> {
    return Promise.all(this.replicas.map((replica) => replica.answered()));
  }

  /** How many evaluations all replicas together have begun or keep waiting. */
  async inFlight(): Promise<number> {
    const counts = await Promise.all(this.replicas.map((replica) => replica.inFlight()));
    return counts.reduce((total, count) => total + count, 0);
  }

  /** Has one of the images judged, over the gateway. */
  evaluate(index: number, asked: Asked = {}): Promise<EvaluateImageResponse> {
    const image = this.images[index % this.images.length] ?? '';
    return this.#evaluation.evaluateImage({ image, questions, ...asked }, { timeoutMs: 240_000 });
  }

  /** So many callers, each of whom has one image judged after the other until it is enough. */
  load(callers: number, isEnough: (asked: number) => boolean) {
    let asked = 0;
    const answers: EvaluateImageResponse[] = [];
    const caller = async () => {
      while (!isEnough(asked)) {
        asked += 1;
        answers.push(await this.evaluate(asked));
      }
    };
    const done = Promise.all(Array.from({ length: callers }, caller));
    return { asked: () => asked, answers, done };
  }

  /** Runs so many generations, all at once. */
  generate(count: number): Promise<Generation[]> {
    const colours = ['red', 'green', 'blue', 'yellow', 'orange', 'purple'];
    const one = (_: unknown, index: number) =>
      this.atelier.generate({
        brief: `a ${colours[index % colours.length]} ball`,
        parameters: { seed: BigInt(index) },
      });
    return Promise.all(Array.from({ length: count }, one));
  }
}
