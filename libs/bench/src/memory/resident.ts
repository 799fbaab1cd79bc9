import { readFile } from 'node:fs/promises';

const PAUSE_MS = 20;

/** Resident memory of a process, in bytes, as the kernel counts it. Linux only. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`process ${pid} has no resident memory`);
  return Number(kib) * 1_024;
}

/** Watches the resident memory of a process while something is done. Gives the most that was seen, in bytes. */
export async function mostResident(pid: number, work: () => Promise<void>): Promise<number> {
  let most = await residentBytes(pid);
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      most = Math.max(most, await residentBytes(pid));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await watching;
  }
  return most;
}
