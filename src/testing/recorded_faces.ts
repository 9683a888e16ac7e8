import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LANDMARKS } from '../face/camera/topology';

const FILE = path.resolve(process.cwd(), 'src/testing/recorded_faces.json');

/** Steps per pixel of the recorded landmarks. */
const STEPS = 16;

export type RecordedFace =
  | 'neutral'
  | 'jawOpen'
  | 'jawLeft'
  | 'eyeBlink'
  | 'eyeBlinkLeft'
  | 'mouthSmile'
  | 'mouthSmileRight'
  | 'mouthFrown'
  | 'mouthPucker'
  | 'mouthStretch'
  | 'mouthUpperUp'
  | 'lookLeft'
  | 'lookRight'
  | 'turnRight'
  | 'turnLeft'
  | 'turnedBlink'
  | 'bow'
  | 'lean';

const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<RecordedFace, string>>;

/**
 * Landmarks that the networks placed on pictures of our own human head, all at rest but what the name says; a camera of
 * 640×480, 25 cm of its picture are the head's. Made once, by the face tracker itself.
 */
export function recordedFace(name: RecordedFace): Float32Array {
  const bytes = Buffer.from(recorded[name], 'base64');
  return Float32Array.from({ length: 3 * LANDMARKS }, (_, i) => bytes.readInt16LE(2 * i) / STEPS);
}

/** The same face in a mirror: landmarks change sides. */
export function mirrored(landmarks: Float32Array, pairs: ReadonlyMap<number, number>): Float32Array {
  const out = new Float32Array(landmarks.length);
  for (let i = 0; i < LANDMARKS; i++) {
    const from = pairs.get(i) ?? i;
    out[3 * i] = 640 - (landmarks[3 * from] ?? 0);
    out[3 * i + 1] = landmarks[3 * from + 1] ?? 0;
    out[3 * i + 2] = landmarks[3 * from + 2] ?? 0;
  }
  return out;
}

/**
 * Which landmark is which one's mirror image, by where they are on a face at rest held level: the topology is symmetric.
 */
export function mirrorPairs(points: Float32Array): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  for (let i = 0; i < LANDMARKS; i++) {
    let [best, nearest] = [i, Infinity];
    for (let k = 0; k < LANDMARKS; k++) {
      const distance = Math.hypot(
        (points[3 * i] ?? 0) + (points[3 * k] ?? 0),
        (points[3 * i + 1] ?? 0) - (points[3 * k + 1] ?? 0),
        (points[3 * i + 2] ?? 0) - (points[3 * k + 2] ?? 0),
      );
      if (distance < nearest) [best, nearest] = [k, distance];
    }
    pairs.set(i, best);
  }
  return pairs;
}
