import { SimroomError } from '../../core/errors';
import { SHAPES } from '../names';
import { namedWeights, setWeights } from '../weights';
import { cleanSubject, toAngles, toWeight, type Angles } from './reading';

/**
 * `arkit_data` as the bridge passes it on: the JSON of a face, and besides whose it is, where it comes from, and which way
 * the head is turned.
 */
export interface ArkitData {
  readonly type: 'arkit_data';
  readonly subject: string;
  readonly source: string;
  /** By their names; those that are not named stay as they are. */
  readonly blendshapes: Readonly<Record<string, number>>;
  readonly head?: Angles;
  /** ms on the sender's clock. */
  readonly timestamp: number;
  /** False while there is no face to be seen. */
  readonly face?: false;
}

/** What such a message says. */
export interface ArkitReading {
  /** Null when it does not say. */
  readonly subject: string | null;
  readonly timestamp: number | null;
  /** In the order of `ARKIT_NAMES`, NaN for shapes that are not named; null while there is no face. */
  readonly weights: Float32Array<ArrayBuffer> | null;
  readonly head: Angles | null;
}

/** Longer messages are not read, characters; one with all there is has 2000. */
const MAX_CHARS = 16_384;
/** Digits of weights and angles: finer than anybody sees. */
const DIGITS = 4;
/** How far a weight may be out of its range. */
const ROUNDING = 0.001;

/** @param weights null while there is no face to be seen */
export function formatArkitData(
  face: Pick<ArkitData, 'subject' | 'source' | 'timestamp'> & { readonly head: Angles | null },
  weights: Float32Array | null,
): string {
  const { subject, source, timestamp, head } = face;
  const data: ArkitData = {
    type: 'arkit_data',
    subject,
    source,
    timestamp,
    blendshapes: weights === null ? {} : namedWeights(weights),
    ...(head && { head }),
    ...(weights === null && { face: false }),
  };
  return JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(DIGITS)) : value,
  );
}

/**
 * Reads a message that was parsed as JSON; only `type` and `blendshapes` need be there, which may also be a list of 52.
 *
 * @throws {SimroomError} `bad-argument` or `unknown-name`, saying what is wrong
 */
export function readArkitData(message: Readonly<Record<string, unknown>>): ArkitReading {
  const { type, blendshapes, timestamp, head, subject, face } = message;
  if (type !== 'arkit_data') throw new SimroomError('bad-argument', `A face has the "type" "arkit_data".`);
  let weights: Float32Array<ArrayBuffer> | null = null;
  if (face !== false) {
    weights = new Float32Array(SHAPES).fill(Number.NaN);
    setWeights(withoutRounding(blendshapes), weights);
  }
  return {
    subject: typeof subject === 'string' ? cleanSubject(subject) : null,
    timestamp: typeof timestamp === 'number' ? timestamp : null,
    weights,
    head: readHead(head),
  };
}

/**
 * The text as the object that every message is.
 *
 * @throws {SimroomError} `bad-argument` when it is none
 */
export function parseMessage(text: string): Readonly<Record<string, unknown>> {
  if (text.length > MAX_CHARS) {
    throw new SimroomError('bad-argument', `A message has at most ${String(MAX_CHARS)} characters.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SimroomError('bad-argument', 'A message is JSON, or the bytes of a face packet.', { cause });
  }
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new SimroomError('bad-argument', 'A message is a JSON object.');
}

/** Weights that miss the range by a rounding, as those of animations do, brought back; all else is for others to judge. */
function withoutRounding(weights: unknown): unknown {
  if (typeof weights !== 'object' || weights === null) return weights;
  const near = (weight: unknown): unknown => {
    if (typeof weight !== 'number') return weight;
    const inside = toWeight(weight);
    return Math.abs(weight - inside) <= ROUNDING ? inside : weight;
  };
  if (Array.isArray(weights)) return weights.map(near);
  return Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, near(weight)]));
}

function readHead(head: unknown): Angles | null {
  if (typeof head !== 'object' || head === null) return null;
  const { yaw, pitch, roll } = head as Record<string, unknown>;
  if (typeof yaw !== 'number' || typeof pitch !== 'number' || typeof roll !== 'number') return null;
  return toAngles(yaw, pitch, roll) ?? null;
}
