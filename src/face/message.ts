/**
 * The bytes of a face on its way, as FORMAT.md says: a head of 6 or 7 bytes, then frames.
 */

/** Frames in one message at most, those that are told again included. */
export const MAX_FRAMES = 16;
/** Frames that wait to be sent, at most. */
export const MAX_WAITING = 10;
/** One message: leaves room in a datagram for what else it carries. Two talking frames take 40. */
export const MAX_MESSAGE_BYTES = 900;
/** A frame may be told by one so many frames older, at most: frames that both ends keep. */
export const KEPT_FRAMES = 256;

/** Bytes before the frames, or before the number of the candidate where there is one. */
export const HEAD_BYTES = 6;

/** Frames a second, at most. */
export const MAX_RATE = 60;
/** Of a face that somebody looks at. */
export const MIN_RATE = 15;
/** Of a face that nobody sees: it only keeps the baseline fresh. */
export const UNSEEN_RATE = 1;

/** The first byte: frames less 1, and these. */
export const FLAG = {
  frames: 0x0f,
  /** A candidate for the next baseline is named. */
  candidate: 0x10,
  /** The candidate itself comes before the frames. */
  again: 0x20,
  /** The face rests: what was last said holds, and nothing may come for a while. */
  resting: 0x40,
  /** Something sudden: whoever passes messages on at a lower rate passes on this one all the same. */
  urgent: 0x80,
} as const;

/** What there is to know about a message for whoever passes it on, as `frames | flags` of its first byte; -1 for none. */
export function peekMessage(bytes: Uint8Array): number {
  return bytes.length < HEAD_BYTES || bytes.length > MAX_MESSAGE_BYTES ? -1 : (bytes[0] ?? -1);
}

/** How far number `a` is ahead of `b`, where both count modulo 65536. */
export function ahead(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}
