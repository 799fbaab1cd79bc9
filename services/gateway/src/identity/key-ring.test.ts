import { describe, expect, test } from '@jest/globals';
import type { KnownKey } from './key-record.ts';
import { KeyRing } from './key-ring.ts';
import { digestOf, newSecret, prefixOf } from './secret-digest.ts';

const now = new Date('2026-11-22T12:00:00Z');
const past = new Date('2026-11-22T12:00:00Z');
const future = new Date('2026-11-22T12:00:01Z');

function key(id: string, secrets: KnownKey['secrets'], expireTime?: Date): KnownKey {
  return { id, team: 'teams/a', project: undefined, subject: id, scopes: ['generate'], expireTime, secrets };
}

describe('KeyRing', () => {
  test('finds a key by its secret, and by nothing else', () => {
    const secret = newSecret();
    const ring = new KeyRing([key('k', [{ sha256: digestOf(secret) }])]);
    expect(ring.find(secret, now)?.id).toBe('k');
    for (const wrong of ['', 'atl_', `${secret}x`, secret.slice(0, -1), digestOf(secret), 'x'.repeat(300)]) {
      expect(ring.find(wrong, now)).toBeUndefined();
    }
  });

  test('a secret is good until its own end and the end of its key', () => {
    const [old, fresh] = [newSecret(), newSecret()];
    const ring = new KeyRing([
      key('k', [{ sha256: digestOf(fresh) }, { sha256: digestOf(old), expireTime: past }]),
    ]);
    expect(ring.find(fresh, now)?.id).toBe('k');
    expect(ring.find(old, now)).toBeUndefined();
    ring.set(key('k', [{ sha256: digestOf(old), expireTime: future }], future));
    expect(ring.find(old, now)?.id).toBe('k');
    expect(ring.find(fresh, now)).toBeUndefined();
    ring.set(key('k', [{ sha256: digestOf(old) }], past));
    expect(ring.find(old, now)).toBeUndefined();
  });

  test('what is replaced or taken away is not found any more', () => {
    const [first, second] = [newSecret(), newSecret()];
    const ring = new KeyRing([
      key('a', [{ sha256: digestOf(first) }]),
      key('b', [{ sha256: digestOf(second) }]),
    ]);
    ring.delete('a');
    ring.delete('never-there');
    expect(ring.find(first, now)).toBeUndefined();
    expect(ring.find(second, now)?.id).toBe('b');
    expect([...ring.values()].map(({ id }) => id)).toEqual(['b']);
  });

  test('two keys whose digests begin alike are told apart', () => {
    const digest = 'ab'.repeat(32);
    const twin = `${digest.slice(0, 8)}${'cd'.repeat(28)}`;
    const secret = newSecret();
    const ring = new KeyRing([
      key('one', [{ sha256: digest }]),
      key('two', [{ sha256: twin }]),
      key('k', [{ sha256: digestOf(secret) }]),
    ]);
    ring.delete('one');
    expect([...ring.values()].map(({ id }) => id)).toEqual(['two', 'k']);
    expect(ring.find(secret, now)?.id).toBe('k');
  });
});

test('a secret is long and random, and its prefix tells little of it', () => {
  const secrets = new Set(Array.from({ length: 100 }, newSecret));
  expect(secrets.size).toBe(100);
  for (const secret of secrets) {
    expect(secret).toMatch(/^atl_[A-Za-z0-9_-]{43}$/);
    expect(prefixOf(secret)).toHaveLength(10);
  }
});
