import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Marks our keys, so that scanners of leaked secrets and people recognise them. */
const KEY_PREFIX = 'atl_';

/** Characters that are shown of a key to tell it from others: the mark and 6 of 43 random ones. */
const SHOWN_CHARACTERS = KEY_PREFIX.length + 6;

/** Longer ones are no keys, and are not worth hashing. */
const MAX_SECRET_LENGTH = 256;

/** A new secret: 256 random bits in base64url behind the mark. */
export function newSecret(): string {
  return KEY_PREFIX + randomBytes(32).toString('base64url');
}

/**
 * SHA-256 of a secret in hexadecimal, which is how secrets are kept. A slow password hash would add nothing, since 256
 * random bits cannot be guessed, and would cost at every call.
 */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The first characters of a secret. */
export function prefixOf(secret: string): string {
  return secret.slice(0, SHOWN_CHARACTERS);
}

/** Whether the text may be a key at all. */
export function looksLikeSecret(text: string): boolean {
  return text.length > SHOWN_CHARACTERS && text.length <= MAX_SECRET_LENGTH;
}

/** Compares two digests in constant time. */
export function sameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}
