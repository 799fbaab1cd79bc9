import { expect, test } from '@jest/globals';
import { createMetrics, serveMetrics } from './index.ts';

test('metrics are scraped over HTTP, with the service in every line', async () => {
  const metrics = createMetrics('storage');
  metrics.serverSeconds.observe({ method: '/a.v1.A/Get', code: 'OK' }, 0.003);
  metrics.serverInFlight.inc({ method: '/a.v1.A/Get' });
  await using server = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 });

  const response = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  const body = await response.text();
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(body).toContain(
    'atelier_rpc_server_seconds_count{service="storage",method="/a.v1.A/Get",code="OK"} 1',
  );
  expect(body).toMatch(/atelier_rpc_server_in_flight\{.*\} 1/);

  expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${server.port}/metrics`, { method: 'POST' })).status).toBe(405);
});

test('two services in one process do not share a registry', async () => {
  const [one, two] = [createMetrics('one'), createMetrics('two')];
  one.serverInFlight.inc({ method: 'm' });
  expect(await two.registry.metrics()).not.toContain('method="m"');
});
