import { Vector3 } from 'three';
import { HEAD } from '../face/frame';
import { HEAD_HEIGHT } from './head_instances';
import { rotateByQuat } from './quat';

/** Middle of a head, from between its eyes; at {@link HEAD_HEIGHT}, m. */
const MIDDLE = [-0.055, 0, -0.012] as const;

/** A head at rest sways by less than this, rad. */
const SWAY = 0.03;

const LEFT = [0, 1, 0] as const;

const offset = new Vector3();

/** Axes of the frame of a head: x where the face looks, y to its own left, z up. */
type Axis = 0 | 1 | 2;

/** Turns a quaternion (w first) further, about an axis of what it turns. */
export function turn(quaternion: Float32Array, axis: Axis, angle: number): void {
  const w = quaternion[0] ?? 1;
  const x = quaternion[1] ?? 0;
  const y = quaternion[2] ?? 0;
  const z = quaternion[3] ?? 0;
  const c = Math.cos(angle / 2);
  const s = Math.sin(angle / 2);
  if (axis === 0) set(quaternion, c * w - s * x, c * x + s * w, c * y + s * z, c * z - s * y);
  else if (axis === 1) set(quaternion, c * w - s * y, c * x - s * z, c * y + s * w, c * z + s * x);
  else set(quaternion, c * w - s * z, c * x + s * y, c * y - s * x, c * z + s * w);
}

/** Multiplies a quaternion by another one of an array, from the right. */
export function multiply(quaternion: Float32Array, by: ArrayLike<number>, at: number): void {
  const w = quaternion[0] ?? 1;
  const x = quaternion[1] ?? 0;
  const y = quaternion[2] ?? 0;
  const z = quaternion[3] ?? 0;
  const vw = by[at] ?? 1;
  const vx = by[at + 1] ?? 0;
  const vy = by[at + 2] ?? 0;
  const vz = by[at + 3] ?? 0;
  set(
    quaternion,
    w * vw - x * vx - y * vy - z * vz,
    w * vx + x * vw + y * vz - z * vy,
    w * vy - x * vz + y * vw + z * vx,
    w * vz + x * vy - y * vx + z * vw,
  );
}

/** Looks from one point to another, level: x leads there, y stays in the ground's plane. */
export function look(quaternion: Float32Array, dx: number, dy: number, dz: number): void {
  set(quaternion, 1, 0, 0, 0);
  turn(quaternion, 2, Math.atan2(dy, dx));
  turn(quaternion, 1, -Math.atan2(dz, Math.hypot(dx, dy)));
}

/**
 * Turns a head as a face has it: yaw to its own right, pitch down, roll to its own left.
 *
 * @param calm leaves out the swaying of somebody at rest, for who prefers reduced motion
 */
export function nod(quaternion: Float32Array, face: ArrayLike<number>, calm: boolean): void {
  const rest = calm ? SWAY : 0;
  turn(quaternion, 2, -beyond(face[HEAD.yaw] ?? 0, rest));
  turn(quaternion, 1, beyond(face[HEAD.pitch] ?? 0, rest));
  turn(quaternion, 0, -beyond(face[HEAD.roll] ?? 0, rest));
}

function beyond(angle: number, rest: number): number {
  return Math.sign(angle) * Math.max(0, Math.abs(angle) - rest);
}

/** Moves a head from where its middle is to be to where that puts its eyes. */
export function centre(position: Float32Array, quaternion: Float32Array, size: number): void {
  rotateByQuat(quaternion, 0, MIDDLE, 0, offset).multiplyScalar(-size / HEAD_HEIGHT);
  position[0] = (position[0] ?? 0) + offset.x;
  position[1] = (position[1] ?? 0) + offset.y;
  position[2] = (position[2] ?? 0) + offset.z;
}

/**
 * Moves a head sideways until it is so far from another one; one that is as far already stays where it is.
 *
 * @param quaternion how it looks
 * @param side 1 leads to its own left, -1 to its own right
 * @param apart m
 */
export function aside(
  position: Float32Array,
  quaternion: Float32Array,
  other: Float32Array,
  side: 1 | -1,
  apart: number,
): void {
  const dx = (position[0] ?? 0) - (other[0] ?? 0);
  const dy = (position[1] ?? 0) - (other[1] ?? 0);
  const dz = (position[2] ?? 0) - (other[2] ?? 0);
  const square = dx * dx + dy * dy + dz * dz;
  if (square >= apart * apart) return;
  rotateByQuat(quaternion, 0, LEFT, 0, offset).multiplyScalar(side);
  // How far it is to that side already; the rest of the way is the leg of a right triangle.
  const along = dx * offset.x + dy * offset.y + dz * offset.z;
  const way = Math.sqrt(apart * apart - (square - along * along)) - along;
  position[0] = (position[0] ?? 0) + way * offset.x;
  position[1] = (position[1] ?? 0) + way * offset.y;
  position[2] = (position[2] ?? 0) + way * offset.z;
}

function set(quaternion: Float32Array, w: number, x: number, y: number, z: number): void {
  quaternion[0] = w;
  quaternion[1] = x;
  quaternion[2] = y;
  quaternion[3] = z;
}
