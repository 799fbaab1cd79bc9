import type { Mesh } from './mesh.ts';
import type { ServiceProcess } from './service-process.ts';

const MOST_IN_A_ROW = 5;
/** A service that has run so long did not end for want of something that it needs to start. */
const SOUND_MS = 30_000;

/**
 * Starts a service again whenever its process ends by itself, and leaves the others alone; tells what it does in words. One
 * that ends five times in a row, each within half a minute, stays down. Call it once all are ready, and abort the signal
 * before they are stopped.
 */
export function supervise(mesh: Mesh, say: (text: string) => void, signal: AbortSignal): void {
  for (const name of mesh.services) void keepUp(mesh.service(name), say, signal);
}

async function keepUp(service: ServiceProcess, say: (text: string) => void, signal: AbortSignal) {
  const { name } = service;
  for (let inARow = 0, started = 0; ; started = performance.now()) {
    const how = await service.ended();
    if (signal.aborted) return;
    inARow = performance.now() - started > SOUND_MS ? 1 : inARow + 1;
    if (inARow > MOST_IN_A_ROW) {
      say(`${name} ended (${how}) and stays down: it ended ${inARow} times in a row.`);
      return;
    }
    say(`${name} ended (${how}) and is started again.`);
    service.start();
    try {
      await service.ready();
      say(`${name} serves again.`);
    } catch (error) {
      if (!signal.aborted) say((error as Error).message);
    }
  }
}
