import { ByteWriter } from '../core/bytes';
import { SimroomError } from '../core/errors';
import { fromUtf8, toUtf8 } from '../core/utf8';
import { fromBase64url, fromHex, toBase64url, toHex } from '../core/encoding';
import { MAX_SEALED_CHARS } from '../protocol/relay';

/**
 * Sealing of what signaling carries (SDP, ICE candidates), so that the relay can neither read, alter, replay, reorder
 * nor inject it.
 *
 * A sealed text is base64url of: connection id 16 B | sequence number u32 | nonce 12 B | AES-GCM ciphertext and tag.
 * Room tag, direction, connection id and sequence number are authenticated along with the content.
 */

const CONNECTION_BYTES = 16;
const SEQUENCE_BYTES = 4;
const NONCE_BYTES = 12;
const HEAD_BYTES = CONNECTION_BYTES + SEQUENCE_BYTES + NONCE_BYTES;
const GCM_TAG_BYTES = 16;
/** The head as far as the connection id reaches, in whole groups of base64url. */
const CONNECTION_CHARS = 24;
/** Texts that wait to be opened: an attempt has some twenty in all, more is a flood. */
const MAX_WAITING = 64;

export type Direction = 'to-host' | 'to-guest';

/** One direction of one attempt to connect. */
export interface Lane {
  /** Of the room, hex. */
  readonly tag: string;
  readonly direction: Direction;
  /** Chosen by the guest with {@link newConnection}, hex. */
  readonly connection: string;
}

/** What became of the texts an {@link Opener} was given. */
export interface OpenerCounts {
  opened: number;
  /** Too long, too short, not base64url. */
  malformed: number;
  /** Of another connection. */
  foreign: number;
  /** Seen before, or overtaken by a later one. */
  stale: number;
  /** Not sealed with the room's key for this room, direction, connection and place; or not a JSON object. */
  forged: number;
  /** More than can be waiting at a time. */
  flooded: number;
}

/** A new connection's id, hex. */
export function newConnection(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(CONNECTION_BYTES)));
}

/** The connection a sealed text claims to belong to, hex; null when it is no sealed text. */
export function connectionOf(sealed: string): string | null {
  const head = fromBase64url(sealed.slice(0, CONNECTION_CHARS));
  return head !== null && head.length > CONNECTION_BYTES ? toHex(head.subarray(0, CONNECTION_BYTES)) : null;
}

/** Seals one direction of one attempt to connect. */
export class Sealer {
  private readonly lane: Uint8Array<ArrayBuffer>;
  private readonly connection: Uint8Array<ArrayBuffer>;
  private sequence = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly key: CryptoKey,
    lane: Lane,
  ) {
    this.lane = laneBytes(lane);
    this.connection = idBytes(lane.connection);
  }

  /**
   * Seals something that JSON can carry. Results come in the order of the calls.
   *
   * @throws SimroomError `connection-failed` when it is longer than the relay carries
   */
  seal(content: object): Promise<string> {
    const sequence = this.sequence++;
    const sealed = this.last.then(() => this.sealAs(sequence, content));
    this.last = sealed.catch(() => null);
    return sealed;
  }

  private async sealAs(sequence: number, content: object): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const additionalData = authenticated(this.lane, sequence);
    const plain = toUtf8(JSON.stringify(content));
    const cipher = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, this.key, plain);
    const bytes = new Uint8Array(HEAD_BYTES + cipher.byteLength);
    bytes.set(this.connection);
    new DataView(bytes.buffer).setUint32(CONNECTION_BYTES, sequence, true);
    bytes.set(iv, CONNECTION_BYTES + SEQUENCE_BYTES);
    bytes.set(new Uint8Array(cipher), HEAD_BYTES);
    const sealed = toBase64url(bytes);
    if (sealed.length <= MAX_SEALED_CHARS) return sealed;
    throw new SimroomError(
      'connection-failed',
      `This browser describes its network in ${sealed.length} letters, more than the ${MAX_SEALED_CHARS} the relay carries.`,
    );
  }
}

/** Opens one direction of one attempt to connect, in order. */
export class Opener {
  readonly counts: OpenerCounts = { opened: 0, malformed: 0, foreign: 0, stale: 0, forged: 0, flooded: 0 };
  private readonly lane: Uint8Array<ArrayBuffer>;
  private readonly connection: Uint8Array<ArrayBuffer>;
  private newest = -1;
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly key: CryptoKey,
    lane: Lane,
  ) {
    this.lane = laneBytes(lane);
    this.connection = idBytes(lane.connection);
  }

  /** What was sealed, or null when the text is to be dropped. Never rejects; results come in the order of the calls. */
  async open(sealed: string): Promise<Readonly<Record<string, unknown>> | null> {
    if (this.waiting >= MAX_WAITING) {
      this.counts.flooded++;
      return null;
    }
    this.waiting++;
    const opened = this.last.then(() => this.openNext(sealed));
    this.last = opened;
    const content = await opened;
    this.waiting--;
    return content;
  }

  private async openNext(sealed: string): Promise<Readonly<Record<string, unknown>> | null> {
    const bytes = sealed.length <= MAX_SEALED_CHARS ? fromBase64url(sealed) : null;
    if (bytes === null || bytes.length < HEAD_BYTES + GCM_TAG_BYTES) {
      this.counts.malformed++;
      return null;
    }
    if (!this.connection.every((byte, i) => byte === bytes[i])) {
      this.counts.foreign++;
      return null;
    }
    const sequence = new DataView(bytes.buffer).getUint32(CONNECTION_BYTES, true);
    if (sequence <= this.newest) {
      this.counts.stale++;
      return null;
    }
    const content = await this.decrypt(bytes, sequence);
    if (content === null) {
      this.counts.forged++;
      return null;
    }
    this.newest = sequence;
    this.counts.opened++;
    return content;
  }

  private async decrypt(
    bytes: Uint8Array<ArrayBuffer>,
    sequence: number,
  ): Promise<Readonly<Record<string, unknown>> | null> {
    const iv = bytes.subarray(CONNECTION_BYTES + SEQUENCE_BYTES, HEAD_BYTES);
    const additionalData = authenticated(this.lane, sequence);
    try {
      const cipher = bytes.subarray(HEAD_BYTES);
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, this.key, cipher);
      const content: unknown = JSON.parse(fromUtf8(new Uint8Array(plain)) ?? '');
      const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
      return isObject ? (content as Readonly<Record<string, unknown>>) : null;
    } catch {
      // The cipher says no, or it is not JSON: either way nothing that a peer of this app has sealed.
      return null;
    }
  }
}

/** What every text of a lane is authenticated with: room tag | direction, one byte | connection id. */
function laneBytes(lane: Lane): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.raw(idBytes(lane.tag));
  out.u8(lane.direction === 'to-host' ? 0 : 1);
  out.raw(idBytes(lane.connection));
  return out.finish();
}

/** The same, and the sequence number. */
function authenticated(lane: Uint8Array<ArrayBuffer>, sequence: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lane.length + SEQUENCE_BYTES);
  bytes.set(lane);
  new DataView(bytes.buffer).setUint32(lane.length, sequence, true);
  return bytes;
}

/** Bytes of a room tag or a connection id, which both have 16. */
function idBytes(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = fromHex(hex);
  if (bytes?.length === CONNECTION_BYTES) return bytes;
  throw new SimroomError(
    'bad-argument',
    `A room tag or connection id has 32 hex digits; this one is "${hex}".`,
  );
}
