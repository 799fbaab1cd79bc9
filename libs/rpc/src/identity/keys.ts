import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { Secret } from '@atelier/config';

/** What the services of one mesh share. Only the gateway needs the private key. */
export interface MeshKeys {
  /** Ed25519, PKCS #8 in PEM. */
  readonly privateKey: Secret;
  /** Ed25519, SPKI in PEM. */
  readonly publicKey: string;
  /** 256 random bits in base64url. */
  readonly credential: Secret;
}

/** Makes fresh keys for a mesh that starts and stops as one, as the embedded default does. */
export function generateMeshKeys(): MeshKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    privateKey: new Secret(privateKey),
    publicKey,
    credential: new Secret(randomBytes(32).toString('base64url')),
  };
}

/** A private key: an object, or PEM. */
export type PrivateKeyInput = KeyObject | Secret | string;
/** A public key: an object, or PEM. */
export type PublicKeyInput = KeyObject | string;

/** Reads a private key; throws a TypeError for one that is not Ed25519. */
export function readPrivateKey(input: PrivateKeyInput): KeyObject {
  if (input instanceof Secret) return ed25519(createPrivateKey(input.reveal()));
  return ed25519(typeof input === 'string' ? createPrivateKey(input) : input);
}

/** Reads a public key; throws a TypeError for one that is not Ed25519. */
export function readPublicKey(input: PublicKeyInput): KeyObject {
  return ed25519(typeof input === 'string' ? createPublicKey(input) : input);
}

/** The public half of a private key, in PEM. */
export function publicKeyOf(privateKey: PrivateKeyInput): string {
  return createPublicKey(readPrivateKey(privateKey)).export({ type: 'spki', format: 'pem' }).toString();
}

function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('the mesh signs with Ed25519 keys only');
  return key;
}
