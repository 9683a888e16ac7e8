import { Vector3 } from 'three';

/** Numbers in a row, such as MuJoCo's arrays. */
type Numbers = ArrayLike<number>;

/** Rotates `vec[vecAt..]` by the unit quaternion `quat[quatAt..]`, w first. */
export function rotateByQuat(
  quat: Numbers,
  quatAt: number,
  vec: Numbers,
  vecAt: number,
  out: Vector3,
): Vector3 {
  const w = quat[quatAt] ?? 1;
  const x = quat[quatAt + 1] ?? 0;
  const y = quat[quatAt + 2] ?? 0;
  const z = quat[quatAt + 3] ?? 0;
  const vx = vec[vecAt] ?? 0;
  const vy = vec[vecAt + 1] ?? 0;
  const vz = vec[vecAt + 2] ?? 0;
  const tx = 2 * (y * vz - z * vy);
  const ty = 2 * (z * vx - x * vz);
  const tz = 2 * (x * vy - y * vx);
  return out.set(vx + w * tx + y * tz - z * ty, vy + w * ty + z * tx - x * tz, vz + w * tz + x * ty - y * tx);
}

/** World position of a point given in a body's frame, m. */
export function bodyPoint(
  xpos: Numbers,
  xquat: Numbers,
  body: number,
  local: Numbers,
  localAt: number,
  out: Vector3,
): Vector3 {
  rotateByQuat(xquat, 4 * body, local, localAt, out);
  out.x += xpos[3 * body] ?? 0;
  out.y += xpos[3 * body + 1] ?? 0;
  out.z += xpos[3 * body + 2] ?? 0;
  return out;
}

const scratch = new Vector3();
const inverse = new Float64Array(4);

/** A world point in a body's frame, m: the inverse of {@link bodyPoint}. */
export function localPoint(
  xpos: Numbers,
  xquat: Numbers,
  body: number,
  point: readonly [number, number, number],
): [number, number, number] {
  const offset = [
    point[0] - (xpos[3 * body] ?? 0),
    point[1] - (xpos[3 * body + 1] ?? 0),
    point[2] - (xpos[3 * body + 2] ?? 0),
  ];
  inverse[0] = xquat[4 * body] ?? 1;
  for (let i = 1; i < 4; i++) inverse[i] = -(xquat[4 * body + i] ?? 0);
  return rotateByQuat(inverse, 0, offset, 0, scratch).toArray();
}
