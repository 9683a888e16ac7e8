import { shapeOf } from './spelling';
import { DEGREE, restingWeights, toAngles, toWeight, type Angles, type Reading } from './reading';

/** The port of the phone, and the one on this side that it answers to. */
export const IFACIALMOCAP_PORT = 49983;

/** What the phone wants to hear before it sends its face, as text in a datagram. */
export const IFACIALMOCAP_HELLO = 'iFacialMocap_sahuasouryya9218sauhuiayeta91555dy3719';

/** Longer texts are not read, characters; a face has about 1300. */
const MAX_CHARS = 16_384;
/** The weight that is written as 1. */
const FULL = 100;

/**
 * A text of iFacialMocap: `mouthSmile_R-0|...|=head#x,y,z,px,py,pz|rightEye#x,y,z|leftEye#x,y,z|`, weights from 0 to 100
 * and degrees; its second version has `&` between name and weight. Where the head is (px, py, pz) is left out.
 *
 * Its axes are ARKit's, right-handed with x to the head's left: there pitch is x, and yaw and roll are -y and -z.
 *
 * @returns null when no shape is in it
 */
export function parseIFacialMocap(text: string): Reading | null {
  if (text.length > MAX_CHARS) return null;
  const weights = restingWeights();
  let shapes = 0;
  let head: Angles | undefined;
  for (const part of text.split('|')) {
    if (part.startsWith('=head#')) {
      const [x, y, z] = part.slice('=head#'.length).split(',').map(numberOf);
      if (z !== undefined) head = toAngles(-(y ?? 0) * DEGREE, (x ?? 0) * DEGREE, -z * DEGREE);
      continue;
    }
    const end = part.search(/[-&]/);
    const shape = end < 0 ? -1 : shapeOf(part.slice(0, end));
    if (shape < 0) continue;
    weights[shape] = toWeight(numberOf(part.slice(end + 1)) / FULL);
    shapes++;
  }
  return shapes === 0 ? null : { subject: null, weights, ...(head && { head }) };
}

/** NaN for what is no number, the empty text too. */
function numberOf(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}
