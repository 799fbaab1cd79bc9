import { createServer } from 'node:http';
import type { ScriptedReply } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { KEY, never, request, WORDS } from '../world.ts';
import { good, type Stage } from './stage.ts';

/** What must not be seen, and must not go elsewhere. */
export function testSecrets(stage: Stage): void {
  test('no key and no word of the request is in errors and logs', async () => {
    const replies: ScriptedReply[] = [
      { kind: 'status', status: 400, message: `no: ${WORDS} ${KEY}` },
      { kind: 'status', status: 401, message: `Incorrect API key provided: ${KEY}` },
      { kind: 'status', status: 500, message: `${WORDS}` },
      { kind: 'text', text: `no JSON, and ${WORDS}` },
      { kind: 'refused', of: 'output', message: WORDS },
      { kind: 'drop' },
      { kind: 'drop', halfway: true },
      good,
    ];
    for (const reply of replies) {
      const server = await stage.start(reply);
      const subjectUnderTest = stage.opened(server);
      const failure = await subjectUnderTest.model.ask(request(), never).catch((error: unknown) => error);
      const shown = [
        ...subjectUnderTest.lines,
        everythingOf(failure instanceof Error ? failure : undefined),
      ].join('\n');
      expect(shown).not.toContain(KEY);
      expect(shown).not.toContain(WORDS);
      if (reply.kind !== 'json') expect(shown).toContain('qwen');
    }
  });

  test('does not follow an answer to another address, where the key would go too', async () => {
    const server = await stage.start(good);
    const elsewhere = await stage.start(good);
    await using redirecting = await startRedirect(`${elsewhere.url}/elsewhere`);
    const path = new URL(server.url).pathname;
    const failure = await stage.failing(stage.opened({ url: `${redirecting.origin}${path}` }));
    expect(failure.kind).toBe('unavailable');
    expect(elsewhere.asks).toEqual([]);
    expect(elsewhere.objections).toEqual([]);
  });
}

function everythingOf(error: Error | undefined): string {
  if (error === undefined) return '';
  const own = Object.getOwnPropertyNames(error).map((name) => {
    const value = (error as unknown as Record<string, unknown>)[name];
    return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part));
  });
  return [...own, everythingOf(error.cause as Error | undefined)].join('\n');
}

async function startRedirect(to: string): Promise<AsyncDisposable & { readonly origin: string }> {
  const server = createServer((incoming, response) => {
    incoming.resume();
    incoming.on('end', () => response.writeHead(307, { location: to }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
