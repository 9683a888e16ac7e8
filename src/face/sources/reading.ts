import { clamp } from '../frame';
import { SHAPES } from '../names';

/**
 * Which way a head is turned, in radians, as Live Link Face says it: positive yaw turns it to its own right, positive
 * pitch bows it, positive roll leans it towards its own left shoulder.
 *
 * Those are the angles of a left-handed frame with x to the head's right, y up and z out of its face, applied in the
 * order yaw, pitch, roll. In a right-handed one with x to its left (three.js, ARKit) yaw and roll change their sign.
 */
export interface Angles {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/** What one packet of a tracking program says. */
export interface Reading {
  /** What the program calls itself or its device; null where its packets do not say. */
  readonly subject: string | null;
  /** When this was seen, s on the sender's own clock; absent where packets do not say. */
  readonly time?: number;
  /** The shapes, 0 to 1, in the order of `ARKIT_NAMES`; null while the program sees no face. */
  readonly weights: Float32Array<ArrayBuffer> | null;
  readonly head?: Angles;
}

/** Longest name of a subject that is kept, characters. */
export const MAX_SUBJECT_CHARS = 64;

/** Radians in a degree. */
export const DEGREE = Math.PI / 180;

/** A name as it may be shown: one line, not too long, null when nothing is left of it. */
export function cleanSubject(name: string): string | null {
  const clean = name.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  // The cut may go through the middle of a character.
  return clean === '' ? null : clean.slice(0, MAX_SUBJECT_CHARS).replace(/\p{Cs}$/u, '');
}

/** Shapes at rest. */
export function restingWeights(): Float32Array<ArrayBuffer> {
  return new Float32Array(SHAPES);
}

/** A weight as it may be used; NaN is 0. */
export function toWeight(value: number): number {
  return clamp(value, 0, 1);
}

/** Angles in radians, or undefined when one of them is no number. */
export function toAngles(yaw: number, pitch: number, roll: number): Angles | undefined {
  if (!Number.isFinite(yaw + pitch + roll)) return undefined;
  return { yaw: toAngle(yaw), pitch: toAngle(pitch), roll: toAngle(roll) };
}

/** The same direction between -π and π. */
function toAngle(radians: number): number {
  return radians - 2 * Math.PI * Math.round(radians / (2 * Math.PI));
}
