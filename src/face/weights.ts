import { SimroomError } from '../core/errors';
import type { PartialFace } from './expressions';
import { ARKIT_NAMES, type ArkitName, SHAPES } from './names';
import { shapeOf } from './sources/spelling';

/** Faces as people and programs give them, made into arrays: names appear here and nowhere further in. */

/**
 * Writes weights into a face: all of them, or those that are named.
 *
 * @param weights from 0 to 1; exactly 52 if an array
 * @param face at least 52 numbers; those that are not named stay
 * @throws SimroomError `unknown-name` for a shape that there is not, `bad-argument` for a count or a value that cannot
 *   be; the face is unchanged then
 */
export function setWeights(weights: unknown, face: Float32Array): void {
  if (weights instanceof Float32Array || weights instanceof Float64Array || Array.isArray(weights)) {
    if (weights.length !== SHAPES) {
      throw new SimroomError(
        'bad-argument',
        `A face has ${SHAPES} weights, not ${weights.length}: see simroom.face.names.`,
      );
    }
    const values: ArrayLike<unknown> = weights;
    for (let i = 0; i < SHAPES; i++) check(ARKIT_NAMES[i] ?? '', values[i]);
    for (let i = 0; i < SHAPES; i++) face[i] = Number(values[i]);
    return;
  }
  if (typeof weights !== 'object' || weights === null) {
    throw new SimroomError(
      'bad-argument',
      `A face is an array of ${SHAPES} weights, or an object of weights by name.`,
    );
  }
  const entries = Object.entries(weights);
  for (const [name, value] of entries) {
    if (shapeOf(name) < 0)
      throw new SimroomError('unknown-name', `There is no shape "${clip(name)}": ${nearest(name)}`);
    check(name, value);
  }
  for (const [name, value] of entries) face[shapeOf(name)] = Number(value);
}

/** The weights of a face by name. */
export function namedWeights(face: Float32Array): Record<ArkitName, number> {
  const named = {} as Record<ArkitName, number>;
  for (let i = 0; i < SHAPES; i++) {
    const name = ARKIT_NAMES[i];
    if (name !== undefined) named[name] = face[i] ?? 0;
  }
  return named;
}

/** A pose as a face of its own: what it does not name is 0. */
export function faceOf(pose: PartialFace, face = new Float32Array(SHAPES)): Float32Array {
  face.fill(0, 0, SHAPES);
  setWeights(pose, face);
  return face;
}

function check(name: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value <= 1) return;
  const what = typeof value === 'number' ? String(value) : typeof value;
  throw new SimroomError('bad-argument', `${clip(name)} is ${what}: a weight is a number from 0 to 1.`);
}

/** The names that begin as an unknown one does. */
function nearest(name: string): string {
  const start = name.slice(0, 4).toLowerCase();
  const alike = ARKIT_NAMES.filter(
    (known) => start.length > 2 && known.toLowerCase().startsWith(start),
  ).slice(0, 6);
  return alike.length > 0 ? `is it one of ${alike.join(', ')}?` : 'simroom.face.names has them all.';
}

/** A name from outside, short enough for a message. */
function clip(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}...` : name;
}
