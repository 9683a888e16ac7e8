import type { KeyPair } from '../../protocol/trust';

/**
 * Ed25519 keys at work: what a page keeps as bytes becomes a key that signs or verifies.
 */

/** The private key of a pair, ready to sign. */
export function signingKey(pair: KeyPair): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', pair.secret, 'Ed25519', false, ['sign']);
}

/** A raw public key, ready to verify. */
export function verifyingKey(publicKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
}

/** Whether a signature of these bytes is by the owner of a public key; false also when it is no key at all. */
export async function isSignedBy(
  publicKey: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  let key: CryptoKey;
  try {
    key = await verifyingKey(publicKey);
  } catch {
    // Some bytes are no point of the curve, and browsers differ in when they say so.
    return false;
  }
  return crypto.subtle.verify('Ed25519', key, signature, signed);
}
