import fc from 'fast-check';
import { ARKIT_NAMES, SHAPES } from '../names';
import { MAX_SUBJECT_CHARS, type Reading } from './reading';

/** Faces for the tests of properties. */

export const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: SHAPES,
  maxLength: SHAPES,
});
const angle = fc.double({ min: -1.4, max: 1.4, noNaN: true });
export const head = fc.record({ yaw: angle, pitch: angle, roll: angle });

export const filled = (weight: number): number[] => ARKIT_NAMES.map(() => weight);

/** Whether what came of a packet may be used without another look. */
export function isSound(reading: Reading | null): boolean {
  if (reading === null) return true;
  const { subject, time = 0, weights: shapes, head: turned = { yaw: 0, pitch: 0, roll: 0 } } = reading;
  return (
    (subject === null || subject.length <= MAX_SUBJECT_CHARS) &&
    Number.isFinite(time) &&
    (shapes === null || (shapes.length === SHAPES && shapes.every((weight) => weight >= 0 && weight <= 1))) &&
    [turned.yaw, turned.pitch, turned.roll].every((one) => Math.abs(one) <= Math.PI + 1e-9)
  );
}
