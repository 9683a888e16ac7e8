import { readAccessor } from './accessor';
import type { Bones } from './bones';
import type { Bind, Channel } from './channels';
import type { Gltf } from './document';
import { damaged, invalid } from './limits';
import { RIG, transform, type Part } from './parts';
import { SHAPE } from '../names';
import type { Point } from '../head/field';

/** From a file's world to the head frame of src/face/head: `scale · (axes · (p - origin))`. */
export interface Place {
  readonly forward: Point;
  readonly left: Point;
  readonly up: Point;
  readonly origin: Point;
  readonly scale: number;
}

/**
 * Height of what moves of a head, with its neck, m: as our android has it, so that people's own heads stand beside ours
 * without dwarfing them, whatever unit they were made in.
 */
export const BOX_HEIGHT = 0.278;

/** A vertex belongs to the head from this weight on. */
const BELONGS = 0.5;
/** When all that is shown is so much higher than the head, it is a body, and only its head is kept. */
const BODY = 1.6;
/** Eyes lie so far behind the lids, and between crown and neck at so much of the height: where no bone tells. */
const BEHIND_LIDS = 0.085;
const EYE_LEVEL = 0.57;
/** A head whose features lie less than this beside its middle, as a part of its depth, faces as glTF says. */
const CLEAR = 0.04;

/** Eyes are farther apart than this, as a part of the head's height. */
const EYES_APART = 0.08;

const UP: Point = [0, 1, 0];

/** Which vertices are shown. */
export type Keep = (part: Part, vertex: number) => boolean;

/** Centres of the eyes in the file's world; null where they are not known. */
export interface Eyes {
  readonly left: Point | null;
  readonly right: Point | null;
}

/** Displacements of a part by a morph target, in the file's world; null where it has none. */
export function readMoves(gltf: Gltf, part: Part, { mesh, target }: Bind): Float32Array | null {
  const accessor = part.mesh === mesh ? part.primitive.targets[target]?.['POSITION'] : undefined;
  if (typeof accessor !== 'number') return null;
  const moves = readAccessor(gltf, accessor, ['VEC3'], part.vertices);
  for (let i = 0; i < part.vertices; i++) transform(part.maps, part.oneMap ? 0 : i, moves, i, 0);
  return moves;
}

/** Whether only what hangs on the head's bone is to be shown. */
export function isBody(parts: readonly Part[], moved: ReadonlySet<number>): boolean {
  const belongs = (part: Part, i: number): boolean => isOfHead(part, i);
  const whole = boundsOf(parts, () => true);
  const head = boundsOf(parts, belongs);
  const shapes = parts.some((part) => moved.has(part.mesh) && anyVertex(part, (i) => belongs(part, i)));
  return shapes && whole.high[1] - whole.low[1] > BODY * (head.high[1] - head.low[1]);
}

export function isOfHead({ rig }: Part, vertex: number): boolean {
  return (rig[RIG.size * vertex + RIG.head] ?? 0) >= BELONGS;
}

/**
 * Finds where a head is, which way it faces and how large it is. Features lie at the front of a head, whatever the file
 * says; up is y, as glTF has it.
 *
 * @throws SimroomError `head-invalid` for a head without size
 */
export function findPlace(
  gltf: Gltf,
  parts: readonly Part[],
  keep: Keep,
  bones: Bones,
  channels: readonly Channel[],
  binds: readonly Bind[],
  facesBack: boolean,
): { place: Place; eyes: Eyes } {
  const moved = new Set(binds.map(({ mesh }) => mesh));
  const { low, high } = boundsOf(
    parts.filter((part) => moved.has(part.mesh)),
    keep,
  );
  const height = high[1] - low[1];
  if (!(height > 0))
    throw invalid('This head is flat, or nothing of it is shown.', 'Export it with its mesh.');

  const all = new Centre();
  const lids = { left: new Centre(), right: new Centre() };
  for (const bind of binds) {
    const drive = channels[bind.channel]?.drive ?? [];
    const closes = (shape: number): boolean => drive.some(([of, factor]) => of === shape && factor > 0);
    for (const part of parts) {
      const moves = readMoves(gltf, part, bind);
      if (!moves) continue;
      all.add(part, moves, keep);
      if (closes(SHAPE.eyeBlinkLeft)) lids.left.add(part, moves, keep);
      if (closes(SHAPE.eyeBlinkRight)) lids.right.add(part, moves, keep);
    }
  }
  const features = all.point();
  if (!features) throw damaged('its shapes move nothing');
  const forward = facing(features, low, high, facesBack);
  const left: Point = cross(UP, forward);

  const eyes = eyeCentres(gltf, parts, keep, bones, height);
  const [lidLeft, lidRight] = [lids.left.point(), lids.right.point()];
  const behind = -BEHIND_LIDS * height;
  const origin =
    eyes.left && eyes.right
      ? mean(eyes.left, eyes.right)
      : lidLeft && lidRight
        ? along(mean(lidLeft, lidRight), forward, behind)
        : along([features[0], low[1] + EYE_LEVEL * height, features[2]], forward, behind);
  return { place: { forward, left, up: UP, origin, scale: BOX_HEIGHT / height }, eyes };
}

/**
 * Where the eyes turn about: their bones; or the middles of what hangs on these, where both bones are at one place, as
 * nodes of meshes mostly are.
 */
function eyeCentres(gltf: Gltf, parts: readonly Part[], keep: Keep, bones: Bones, height: number): Eyes {
  const at = (bone: number): Point | null => {
    const world = gltf.nodes[bone]?.world;
    return world ? [world[12] ?? 0, world[13] ?? 0, world[14] ?? 0] : null;
  };
  const [left, right] = [at(bones.leftEye), at(bones.rightEye)];
  const apart = left && right ? Math.hypot(left[0] - right[0], left[1] - right[1], left[2] - right[2]) : 0;
  const [middleLeft, middleRight] = [middleOf(parts, keep, RIG.left), middleOf(parts, keep, RIG.right)];
  const near = (a: Point | null, b: Point | null): boolean =>
    !a || !b || Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < height;
  if (apart > EYES_APART * height && near(left, middleLeft) && near(right, middleRight))
    return { left, right };
  return { left: middleLeft, right: middleRight };
}

/** The middle of what follows an eye; null where nothing does. */
function middleOf(parts: readonly Part[], keep: Keep, of: number): Point | null {
  const { low, high } = boundsOf(
    parts,
    (part, vertex) => (part.rig[RIG.size * vertex + of] ?? 0) >= BELONGS && keep(part, vertex),
  );
  return low[0] <= high[0] ? mean(low, high) : null;
}

/** A place of the file's world in the head frame, m. */
export function toHead(place: Place, [x, y, z]: Point): Point {
  const { origin } = place;
  return turnToHead(place, [x - origin[0], y - origin[1], z - origin[2]], place.scale);
}

/** A direction of the file's world in the head frame, times `scale`. */
export function turnToHead({ forward, left, up }: Place, v: Point, scale: number): Point {
  return [scale * dot(forward, v), scale * dot(left, v), scale * dot(up, v)];
}

/** The middle of what a shape moves, weighed by how far. */
class Centre {
  private readonly sum = [0, 0, 0];
  private weight = 0;

  add(part: Part, moves: Float32Array, keep: Keep): void {
    for (let i = 0; i < part.vertices; i++) {
      const [x, y, z] = [moves[3 * i] ?? 0, moves[3 * i + 1] ?? 0, moves[3 * i + 2] ?? 0];
      const far = Math.sqrt(x * x + y * y + z * z);
      if (far === 0 || !keep(part, i)) continue;
      this.weight += far;
      for (let k = 0; k < 3; k++) this.sum[k] = (this.sum[k] ?? 0) + far * (part.positions[3 * i + k] ?? 0);
    }
  }

  point(): Point | null {
    const [x = 0, y = 0, z = 0] = this.sum;
    return this.weight > 0 ? [x / this.weight, y / this.weight, z / this.weight] : null;
  }
}

function facing(features: Point, low: Point, high: Point, facesBack: boolean): Point {
  const [x, z] = [features[0] - (low[0] + high[0]) / 2, features[2] - (low[2] + high[2]) / 2];
  const [width, depth] = [high[0] - low[0], high[2] - low[2]];
  // Left and right of a face balance each other: sideways it must be much clearer.
  if (Math.abs(x) > 4 * CLEAR * width && Math.abs(x) > 2 * Math.abs(z)) return [Math.sign(x), 0, 0];
  if (Math.abs(z) > CLEAR * depth) return [0, 0, Math.sign(z)];
  return [0, 0, facesBack ? -1 : 1];
}

function boundsOf(parts: readonly Part[], keep: Keep): { low: Point; high: Point } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const part of parts)
    for (let i = 0; i < part.vertices; i++) {
      if (!keep(part, i)) continue;
      for (let k = 0; k < 3; k++) {
        const value = part.positions[3 * i + k] ?? 0;
        low[k] = Math.min(low[k] ?? 0, value);
        high[k] = Math.max(high[k] ?? 0, value);
      }
    }
  return { low, high };
}

function anyVertex({ vertices }: Part, test: (vertex: number) => boolean): boolean {
  for (let i = 0; i < vertices; i++) if (test(i)) return true;
  return false;
}

function mean(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

function along(p: Point, direction: Point, far: number): Point {
  return [p[0] + far * direction[0], p[1] + far * direction[1], p[2] + far * direction[2]];
}

function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross([ax, ay, az]: Point, [bx, by, bz]: Point): Point {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}
