import { ARKIT_NAMES, SHAPES } from '../names';
import { cleanSubject, toAngles, toWeight, type Angles } from './reading';
import { shapeOf } from './spelling';

/** A face as JSON: `{"type":"arkit_data","blendshapes":{...},"timestamp":...}` and what else is known of it. */
export interface ArkitData {
  readonly type: 'arkit_data';
  /** Whose face. */
  readonly subject?: string;
  /** Where it comes from; the bridge says it, others need not. */
  readonly source?: string;
  /** Weights from 0 to 1 by their names; those that are not named stay as they are. */
  readonly blendshapes: Readonly<Record<string, number>>;
  /** Radians. */
  readonly head?: Angles;
  /** ms on the sender's own clock. */
  readonly timestamp: number;
  /** False while there is no face to be seen. */
  readonly face?: false;
}

/** What such a message says. */
export interface ArkitReading {
  readonly subject: string | null;
  /** ms on the sender's clock; null when it does not say. */
  readonly timestamp: number | null;
  /** In the order of `ARKIT_NAMES`, NaN for shapes that are not named; null while there is no face. */
  readonly weights: Float32Array<ArrayBuffer> | null;
  readonly head: Angles | null;
}

/** Names that are looked at in one message. */
const MAX_NAMES = 256;

/** Digits of a weight: a thousandth is below what anybody sees. */
const DIGITS = 1000;
const ANGLE_DIGITS = 10_000;

/** The JSON of a face. */
export function toArkitData(
  face: {
    readonly subject: string;
    readonly source: string;
    readonly timestamp: number;
    readonly head: Angles | null;
  },
  weights: Float32Array | null,
): ArkitData {
  const { subject, source, timestamp, head } = face;
  const blendshapes: Record<string, number> = {};
  if (weights !== null) {
    for (let i = 0; i < SHAPES; i++) {
      blendshapes[ARKIT_NAMES[i] ?? ''] = Math.round((weights[i] ?? 0) * DIGITS) / DIGITS;
    }
  }
  return {
    type: 'arkit_data',
    subject,
    source,
    timestamp,
    blendshapes,
    ...(head && { head: { yaw: rounded(head.yaw), pitch: rounded(head.pitch), roll: rounded(head.roll) } }),
    ...(weights === null && { face: false }),
  };
}

/**
 * Reads an `arkit_data` message that was parsed as JSON. `blendshapes` may also be a list of 52 numbers.
 *
 * @returns null when it is none, or names no shape that exists
 */
export function readArkitData(message: Readonly<Record<string, unknown>>): ArkitReading | null {
  const { type, blendshapes, timestamp, head, subject, face } = message;
  if (type !== 'arkit_data') return null;
  const weights = face === false ? null : readWeights(blendshapes);
  if (weights === null && face !== false) return null;
  return {
    subject: typeof subject === 'string' ? cleanSubject(subject) : null,
    timestamp: typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : null,
    weights,
    head: readHead(head),
  };
}

function readWeights(blendshapes: unknown): Float32Array<ArrayBuffer> | null {
  if (typeof blendshapes !== 'object' || blendshapes === null) return null;
  const isList = Array.isArray(blendshapes);
  if (isList && blendshapes.length !== SHAPES) return null;
  const weights = new Float32Array(SHAPES).fill(Number.NaN);
  let named = 0;
  for (const [name, weight] of Object.entries(blendshapes).slice(0, MAX_NAMES)) {
    const shape = isList ? Number(name) : shapeOf(name);
    if (shape < 0 || typeof weight !== 'number') continue;
    weights[shape] = toWeight(weight);
    named++;
  }
  return named === 0 ? null : weights;
}

function readHead(head: unknown): Angles | null {
  if (typeof head !== 'object' || head === null) return null;
  const { yaw, pitch, roll } = head as Record<string, unknown>;
  if (typeof yaw !== 'number' || typeof pitch !== 'number' || typeof roll !== 'number') return null;
  return toAngles(yaw, pitch, roll) ?? null;
}

function rounded(angle: number): number {
  return Math.round(angle * ANGLE_DIGITS) / ANGLE_DIGITS;
}
