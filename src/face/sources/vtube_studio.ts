import { shapeOf } from './spelling';
import { DEGREE, restingWeights, toAngles, toWeight, type Angles, type Reading } from './reading';

/** The port of the phone for requests. */
export const VTUBE_STUDIO_PORT = 21412;

/** Longer texts are not read, characters; a face has about 3000. */
const MAX_CHARS = 65_536;
/** Shapes that are looked at; the program has 52. */
const MAX_SHAPES = 256;

/**
 * What the phone wants to hear, as text in a datagram: it then sends its face to the asking address for a while.
 *
 * @param port where to, on the asking side
 * @param seconds for how long, from 0.5 to 10
 */
export function vtubeStudioRequest(port: number, seconds: number): string {
  return JSON.stringify({
    messageType: 'iOSTrackingDataRequest',
    time: seconds,
    sentBy: 'Simroom',
    ports: [port],
  });
}

/**
 * What VTube Studio on a phone answers: JSON with `Timestamp` (ms of Unix time), `FaceFound`, `Rotation` of the head in
 * degrees and `BlendShapes`, a list of `{k: name, v: weight}`.
 *
 * In `Rotation` x is the yaw, y the pitch and z the roll, this last to the other side than ours: so the programs read it
 * that pass it on as the app's FaceAngle parameters.
 *
 * @returns null when it is none
 */
export function parseVTubeStudio(text: string): Reading | null {
  const message = text.length > MAX_CHARS ? null : parseJson(text);
  if (!isObject(message) || !Array.isArray(message['BlendShapes'])) return null;
  const { Timestamp: ms, FaceFound: found, Rotation: rotation } = message;
  const time = typeof ms === 'number' && Number.isFinite(ms) ? { time: ms / 1000 } : {};
  if (found !== true) return { subject: null, ...time, weights: null };

  const weights = restingWeights();
  const entries: unknown[] = message['BlendShapes'];
  for (const entry of entries.slice(0, MAX_SHAPES)) {
    if (!isObject(entry) || typeof entry['k'] !== 'string' || typeof entry['v'] !== 'number') continue;
    const shape = shapeOf(entry['k']);
    if (shape >= 0) weights[shape] = toWeight(entry['v']);
  }
  const head = isObject(rotation) ? headOf(rotation) : undefined;
  return { subject: null, ...time, weights, ...(head && { head }) };
}

function headOf({ x, y, z }: Record<string, unknown>): Angles | undefined {
  if (typeof x !== 'number' || typeof y !== 'number' || typeof z !== 'number') return undefined;
  return toAngles(x * DEGREE, y * DEGREE, -z * DEGREE);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Anything may come in a datagram.
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
