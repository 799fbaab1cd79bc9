import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Mesh, ServiceProcess, Variables } from '@atelier/launch';

const METHOD = '/atelier.evaluation.v1.EvaluationService/EvaluateImage';

/** A replica of the evaluator: a process with an address of its own, and what its metrics say. */
export interface EvaluatorReplica {
  readonly process: ServiceProcess;
  /** The address without the port. */
  readonly host: string;
  /** Evaluations that it has answered, by the name of the status: OK, UNAVAILABLE. */
  answered(code?: string): Promise<number>;
  /** Evaluations that it has begun or keeps waiting. */
  inFlight(): Promise<number>;
}

/** Starts a replica at an address of loopback, on ports that all replicas have in common, as pods do. */
export async function startEvaluator(
  mesh: Mesh,
  host: string,
  ports: { readonly grpc: number; readonly metrics: number },
  env: Variables = {},
): Promise<EvaluatorReplica> {
  const metrics = `${host}:${ports.metrics}`;
  const process = mesh.replica('evaluator', `${host}:${ports.grpc}`, {
    EVALUATOR_METRICS_ADDR: metrics,
    ...env,
  });
  process.start();
  await process.ready();
  const sum = async (name: string, ...labels: readonly string[]) => {
    const text = await (await fetch(`http://${metrics}/metrics`)).text();
    const wanted = [`method="${METHOD}"`, ...labels];
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)));
    return lines.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
  };
  return {
    process,
    host,
    answered: (code = 'OK') => sum('atelier_rpc_server_seconds_count', `code="${code}"`),
    inFlight: () => sum('atelier_rpc_server_in_flight'),
  };
}

/** A port that was free a moment ago at every one of the addresses. */
export async function commonPort(hosts: readonly string[]): Promise<number> {
  for (;;) {
    await using stack = new AsyncDisposableStack();
    const listen = async (host: string, port: number) => {
      const server = stack.use(createServer());
      server.listen(port, host);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    };
    const [first = '', ...others] = hosts;
    const port = await listen(first, 0);
    try {
      for (const host of others) await listen(host, port);
      return port;
    } catch {
      // Somebody has it at one of the others.
    }
  }
}
