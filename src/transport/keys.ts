import { SimroomError } from '../core/errors';
import { toUtf8 } from '../core/utf8';
import { toHex } from '../core/encoding';
import {
  CHECKSUM_BYTES,
  KEY_HASH_BYTES,
  PAYLOAD_BYTES,
  SECRET_BYTES,
  formatRoomLink,
  mistyped,
  parseRoomLink,
} from '../protocol/room_link';
import type { KeyPair } from '../protocol/trust';

/**
 * A room's secret and what follows from it; the keys by which hosts and guests are known.
 */

/** 16 bytes name a room at the relay. */
const TAG_BITS = 128;
const KEY_BITS = 256;

/** What a room's secret gives to whoever has the link. */
export interface RoomKeys {
  /** The room's name at the signaling server, hex: all that it learns. */
  readonly tag: string;
  /** AES-GCM-256: seals what signaling carries. */
  readonly seal: CryptoKey;
  /** HMAC-SHA-256: proves the secret over a connection. */
  readonly bind: Uint8Array<ArrayBuffer>;
}

export interface OpenedLink {
  readonly secret: Uint8Array<ArrayBuffer>;
  readonly hostKeyHash: Uint8Array<ArrayBuffer>;
  readonly invitation: string | null;
}

/**
 * The browser's cryptography.
 *
 * @throws SimroomError `rooms-unavailable` where a browser withholds it
 */
function subtle(): SubtleCrypto {
  const here = globalThis.crypto as Partial<Crypto> | undefined;
  if (here?.subtle === undefined) {
    throw new SimroomError(
      'rooms-unavailable',
      'Rooms need encryption, which browsers give to safe pages only: open this page by https, or from localhost.',
    );
  }
  return here.subtle;
}

export function newSecret(): Uint8Array<ArrayBuffer> {
  subtle();
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/**
 * An Ed25519 key pair, for a host or for a person.
 *
 * @throws SimroomError `rooms-unavailable` where the browser does not know Ed25519
 */
export async function newKeyPair(): Promise<KeyPair> {
  const here = subtle();
  let pair: CryptoKeyPair;
  try {
    pair = await here.generateKey('Ed25519', true, ['sign', 'verify']);
  } catch (cause) {
    throw new SimroomError(
      'rooms-unavailable',
      'Rooms need Ed25519 signatures, which this browser does not have: update it, or open the page in another one.',
      { cause },
    );
  }
  const [secret, publicKey] = await Promise.all([
    here.exportKey('pkcs8', pair.privateKey),
    here.exportKey('raw', pair.publicKey),
  ]);
  return { secret: new Uint8Array(secret), public: new Uint8Array(publicKey) };
}

/** Derives a room's keys from its secret: HKDF-SHA-256 (RFC 5869) without salt. */
export async function deriveKeys(secret: Uint8Array<ArrayBuffer>): Promise<RoomKeys> {
  const root = await subtle().importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const [tag, seal, bind] = await Promise.all([
    derive(root, 'simroom tag', TAG_BITS),
    derive(root, 'simroom seal', KEY_BITS),
    derive(root, 'simroom bind', KEY_BITS),
  ]);
  return {
    tag: toHex(tag),
    seal: await subtle().importKey('raw', seal, 'AES-GCM', false, ['encrypt', 'decrypt']),
    bind,
  };
}

/** The link of a room: `page` with secret, hash of the host's public key, and checksum in its fragment. */
export async function createRoomLink(
  page: string,
  secret: Uint8Array<ArrayBuffer>,
  hostPublicKey: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const payload = new Uint8Array(PAYLOAD_BYTES);
  payload.set(secret);
  payload.set((await sha256(hostPublicKey)).subarray(0, KEY_HASH_BYTES), SECRET_BYTES);
  payload.set(await checksum(payload), PAYLOAD_BYTES - CHECKSUM_BYTES);
  return formatRoomLink(page, { payload, invitation: null });
}

/**
 * Reads a link, or its fragment alone.
 *
 * @throws SimroomError `link-invalid`, `rooms-unavailable`
 */
export async function openRoomLink(text: string): Promise<OpenedLink> {
  const { payload, invitation } = parseRoomLink(text);
  const given = payload.subarray(PAYLOAD_BYTES - CHECKSUM_BYTES);
  const right = await checksum(payload);
  if (!given.every((byte, i) => byte === right[i])) throw mistyped();
  return {
    secret: payload.slice(0, SECRET_BYTES),
    hostKeyHash: payload.slice(SECRET_BYTES, SECRET_BYTES + KEY_HASH_BYTES),
    invitation,
  };
}

async function checksum(payload: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return (await sha256(payload.subarray(0, PAYLOAD_BYTES - CHECKSUM_BYTES))).subarray(0, CHECKSUM_BYTES);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await subtle().digest('SHA-256', bytes));
}

async function derive(root: CryptoKey, info: string, bits: number): Promise<Uint8Array<ArrayBuffer>> {
  const salt = new Uint8Array(0);
  return new Uint8Array(
    await subtle().deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: toUtf8(info) }, root, bits),
  );
}
