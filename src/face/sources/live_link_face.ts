import { SHAPES } from '../names';
import { BigEndianReader } from './big_endian';
import { cleanSubject, restingWeights, toAngles, toWeight, type Reading } from './reading';

/** The port that the phone sends to unless told otherwise. */
export const LIVE_LINK_FACE_PORT = 11111;

/** The version of the packet that is understood. */
const VERSION = 6;
/** Longest device id and subject name, bytes. */
const MAX_TEXT_BYTES = 256;
/** The 52 shapes, then yaw, pitch and roll of the head and of either eye. */
const VALUES = 61;

/**
 * A packet of Epic's Live Link Face (ARKit mode): big-endian
 * `version u8 | device (i32 length, bytes) | subject (the same) | frame i32 | subframe f32 | rate i32 | denominator i32 |
 * count u8 = 61 | 61 f32`. While there is no face it ends before the count.
 *
 * @returns null when it is none. `time` is its timecode, which begins anew at midnight.
 */
export function parseLiveLinkFace(packet: Uint8Array): Reading | null {
  const reader = new BigEndianReader(packet);
  if (reader.u8() !== VERSION) return null;
  textUpTo(reader, MAX_TEXT_BYTES);
  const subject = cleanSubject(textUpTo(reader, MAX_TEXT_BYTES));
  const frame = reader.i32() + reader.f32();
  const rate = reader.i32();
  const denominator = reader.i32();
  if (!reader.ok) return null;
  const seconds = (frame * denominator) / rate;
  const time = Number.isFinite(seconds) ? { time: seconds } : {};
  if (reader.remaining === 0) return { subject, ...time, weights: null };

  if (reader.u8() !== VALUES || reader.remaining < VALUES * 4) return null;
  const weights = restingWeights();
  for (let i = 0; i < SHAPES; i++) weights[i] = toWeight(reader.f32());
  const head = toAngles(reader.f32(), reader.f32(), reader.f32());
  return { subject, ...time, weights, ...(head && { head }) };
}

function textUpTo(reader: BigEndianReader, most: number): string {
  const length = reader.i32();
  return reader.text(length <= most ? length : -1);
}
