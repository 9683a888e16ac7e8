import { SimroomError } from '../core/errors';
import { SHAPES } from './names';
import { namedWeights, setWeights } from './weights';

/** A face as JSON, for other programs: `{"type":"arkit_data","blendshapes":{...},"timestamp":...}`. */

/** A message with all shapes takes 2 KB. */
const MAX_CHARS = 16_384;
/** Digits of a weight: finer than the wire. */
const DIGITS = 4;

export interface ArkitMessage {
  /** Weights it names, in a face that is otherwise as it was given. */
  readonly face: Float32Array;
  /** When it was taken, s or ms by whatever clock the sender has; null where it does not say. */
  readonly timestamp: number | null;
}

/**
 * Reads a message into a face.
 *
 * @param face where the weights go; shapes that are not named stay
 * @throws SimroomError `bad-argument` or `unknown-name`, saying what is wrong
 */
export function parseArkitJson(text: string, face: Float32Array = new Float32Array(SHAPES)): ArkitMessage {
  if (text.length > MAX_CHARS) throw wrong(`is ${text.length} characters long, more than any face takes`);
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    throw new SimroomError('bad-argument', 'The message about a face is not JSON.', { cause: error });
  }
  if (typeof message !== 'object' || message === null) throw wrong('is not an object');
  const type = 'type' in message ? message.type : undefined;
  if (type !== 'arkit_data') throw wrong('has not the type "arkit_data"');
  if (!('blendshapes' in message)) throw wrong('has no "blendshapes"');
  const timestamp = 'timestamp' in message ? message.timestamp : null;
  if (timestamp !== null && !(typeof timestamp === 'number' && Number.isFinite(timestamp))) {
    throw wrong('has a timestamp that is not a number');
  }
  setWeights(message.blendshapes, face);
  return { face, timestamp };
}

/** Writes all 52 weights. */
export function formatArkitJson(face: Float32Array, timestamp: number): string {
  const blendshapes = Object.fromEntries(
    Object.entries(namedWeights(face)).map(([name, weight]) => [name, Number(weight.toFixed(DIGITS))]),
  );
  return JSON.stringify({ type: 'arkit_data', blendshapes, timestamp });
}

function wrong(what: string): SimroomError {
  const form = '{"type":"arkit_data","blendshapes":{"jawOpen":0.5},"timestamp":0}';
  return new SimroomError('bad-argument', `The message about a face ${what}. It looks like this: ${form}`);
}
