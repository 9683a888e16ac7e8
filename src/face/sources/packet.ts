import { fromUtf8, toUtf8 } from '../../core/utf8';
import { SHAPES } from '../names';
import { cleanSubject, restingWeights, toAngles, toWeight, type Angles } from './reading';

/**
 * One face in one packet that needs nothing before it: the plain form that game engines and other programs read and write
 * in a few lines. Between browsers faces travel far smaller; this one goes over the wire of one machine, or of one house.
 *
 * Little-endian: `mark u8 = 0x46 | version u8 = 1 | flags u8 | n u8 | head 3 f32 | timestamp f64 | weights 52 f32 |
 * subject (n bytes of UTF-8)`. Flags: 1 there is a face, 2 there is a head, 4 it comes from the room.
 */
export interface PlainFace {
  /** Whose face; empty when the packet does not say. */
  readonly subject: string;
  /** Whether it is that of a person in the room. */
  readonly isOfRoom: boolean;
  /** ms on the sender's own clock. */
  readonly timestamp: number;
  /** In the order of `ARKIT_NAMES`; null while there is no face to be seen. */
  readonly weights: Float32Array<ArrayBuffer> | null;
  readonly head: Angles | null;
}

const MARK = 0x46;
const VERSION = 1;
const FLAG = { face: 1, head: 2, room: 4 } as const;
const HEAD_AT = 4;
const TIME_AT = 16;
const WEIGHTS_AT = 24;
const SUBJECT_AT = WEIGHTS_AT + 4 * SHAPES;
/** Of a subject, what the length's byte can say. */
const MAX_SUBJECT_BYTES = 255;

/** Largest plain packet, bytes. */
export const MAX_PACKET_BYTES = SUBJECT_AT + MAX_SUBJECT_BYTES;

/** The bytes of a face. The subject must be one that `cleanSubject` let through: those fit. */
export function writePacket(face: PlainFace): Uint8Array<ArrayBuffer> {
  const subject = toUtf8(face.subject);
  const bytes = new Uint8Array(SUBJECT_AT + subject.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = MARK;
  bytes[1] = VERSION;
  bytes[2] =
    (face.weights === null ? 0 : FLAG.face) |
    (face.head === null ? 0 : FLAG.head) |
    (face.isOfRoom ? FLAG.room : 0);
  bytes[3] = subject.length;
  if (face.head !== null) {
    view.setFloat32(HEAD_AT, face.head.yaw, true);
    view.setFloat32(HEAD_AT + 4, face.head.pitch, true);
    view.setFloat32(HEAD_AT + 8, face.head.roll, true);
  }
  view.setFloat64(TIME_AT, face.timestamp, true);
  for (let i = 0; i < SHAPES; i++) view.setFloat32(WEIGHTS_AT + 4 * i, face.weights?.[i] ?? 0, true);
  bytes.set(subject, SUBJECT_AT);
  return bytes;
}

/** @returns null when the bytes are no such packet; weights out of range are brought back */
export function readPacket(bytes: Uint8Array): PlainFace | null {
  const flags = bytes[2] ?? 0;
  if (bytes[0] !== MARK || bytes[1] !== VERSION || bytes.length !== SUBJECT_AT + (bytes[3] ?? 0)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const timestamp = view.getFloat64(TIME_AT, true);
  const subject = fromUtf8(bytes.subarray(SUBJECT_AT));
  if (subject === null || !Number.isFinite(timestamp)) return null;
  let weights: Float32Array<ArrayBuffer> | null = null;
  if ((flags & FLAG.face) !== 0) {
    weights = restingWeights();
    for (let i = 0; i < SHAPES; i++) weights[i] = toWeight(view.getFloat32(WEIGHTS_AT + 4 * i, true));
  }
  const angle = (i: number): number => view.getFloat32(HEAD_AT + 4 * i, true);
  const head = (flags & FLAG.head) === 0 ? null : (toAngles(angle(0), angle(1), angle(2)) ?? null);
  const isOfRoom = (flags & FLAG.room) !== 0;
  return { subject: cleanSubject(subject) ?? '', isOfRoom, timestamp, weights, head };
}
