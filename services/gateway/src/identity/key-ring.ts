import type { KeySecret, KnownKey } from './key-record.ts';
import { digestOf, looksLikeSecret, sameDigest } from './secret-digest.ts';

/** Digests that begin with the same characters share a bucket; the rest is compared in constant time. */
const BUCKET_CHARACTERS = 8;

interface Entry {
  readonly key: KnownKey;
  readonly secret: KeySecret;
}

/** The keys that are good now, found by their secrets. Static ones are given once, others come and go. */
export class KeyRing {
  readonly #keys = new Map<string, KnownKey>();
  readonly #buckets = new Map<string, Entry[]>();

  constructor(keys: Iterable<KnownKey> = []) {
    for (const key of keys) this.set(key);
  }

  /** Adds a key, or replaces the one of its id. */
  set(key: KnownKey): void {
    this.delete(key.id);
    this.#keys.set(key.id, key);
    for (const secret of key.secrets) {
      const bucket = bucketOf(secret.sha256);
      this.#buckets.set(bucket, [...(this.#buckets.get(bucket) ?? []), { key, secret }]);
    }
  }

  /** Takes a key away; nothing happens where there is none. */
  delete(id: string): void {
    for (const { sha256 } of this.#keys.get(id)?.secrets ?? []) {
      const bucket = bucketOf(sha256);
      const rest = (this.#buckets.get(bucket) ?? []).filter(({ key }) => key.id !== id);
      if (rest.length > 0) this.#buckets.set(bucket, rest);
      else this.#buckets.delete(bucket);
    }
    this.#keys.delete(id);
  }

  /** Keys that are known. */
  values(): Iterable<KnownKey> {
    return this.#keys.values();
  }

  /** The key of a secret, if it is good at the given time. */
  find(secret: string, now: Date): KnownKey | undefined {
    if (!looksLikeSecret(secret)) return undefined;
    const digest = digestOf(secret);
    const entries = this.#buckets.get(bucketOf(digest)) ?? [];
    const found = entries.find((entry) => sameDigest(entry.secret.sha256, digest));
    if (found === undefined || isPast(found.key.expireTime, now) || isPast(found.secret.expireTime, now)) {
      return undefined;
    }
    return found.key;
  }
}

function bucketOf(digest: string): string {
  return digest.slice(0, BUCKET_CHARACTERS);
}

function isPast(time: Date | undefined, now: Date): boolean {
  return time !== undefined && time.getTime() <= now.getTime();
}
