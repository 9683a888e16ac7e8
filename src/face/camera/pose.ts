import { LANDMARKS } from './topology';

/**
 * Points of a face that its expressions hardly move, on an average face: landmark, then x to the person's own left,
 * y up, z forward, cm. From the canonical face model of MediaPipe, which these networks were trained with.
 */
const RIGID: readonly (readonly [number, number, number, number])[] = [
  // The line down the middle: forehead, between the eyes, bridge and tip of the nose.
  [10, 0, 8.262, 4.482],
  [9, 0, 4.886, 5.385],
  [168, 0, 3.271, 5.236],
  [6, 0, 2.473, 5.789],
  [195, 0, 1.059, 6.775],
  [4, 0, -0.463, 7.587],
  // Corners of the eyes.
  [33, -4.446, 2.664, 3.173],
  [263, 4.446, 2.664, 3.173],
  [133, -1.856, 2.585, 3.758],
  [362, 1.856, 2.585, 3.758],
  // Edge of the forehead, temples, in front of the ears.
  [67, -3.524, 8.006, 3.729],
  [297, 3.524, 8.006, 3.729],
  [54, -6.279, 6.615, 1.426],
  [284, 6.279, 6.615, 1.426],
  [127, -7.743, 2.365, -2.005],
  [356, 7.743, 2.365, -2.005],
  [234, -7.664, 0.673, -2.436],
  [454, 7.664, 0.673, -2.436],
  // Roots of the nose's wings.
  [129, -1.786, -0.978, 4.85],
  [358, 1.786, -0.978, 4.85],
];

/** Where the middle of those points is. */
const MIDDLE: readonly number[] = [1, 2, 3].map(
  (axis) => RIGID.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / RIGID.length,
);
/** Their mean square distance from it. */
const SPREAD =
  RIGID.reduce(
    (sum, point) => sum + MIDDLE.reduce((square, m, axis) => square + ((point[axis + 1] ?? 0) - m) ** 2, 0),
    0,
  ) / RIGID.length;

/** Part of that which is across the face. */
const ACROSS = RIGID.reduce((sum, [, x]) => sum + x ** 2, 0) / (RIGID.length * SPREAD);

/** How far people sit from their camera, cm: what is nearer is larger in its picture, by so much. */
const DISTANCE = 60;

/** Landmarks that fit an average face worse, root mean square, are none, cm: a child's or a mask's fits within 1. */
const MAX_MISFIT = 2.5;
/** Iterations of the polar decomposition; it converges quadratically. */
const POLAR_STEPS = 12;

/**
 * Takes the head's place, size and turn out of a face's landmarks.
 *
 * Least squares over points that expressions do not move: the rotation is the polar factor of their covariance (Umeyama
 * 1991; the factor by Higham's iteration, 1986).
 */
export class HeadPose {
  /** x to the person's own left, y up, z forward of each landmark as if an average head were held level, cm. */
  readonly points = new Float32Array(3 * LANDMARKS);
  /** Radians: to the person's own right, bowed, leaning to their own left. */
  yaw = 0;
  pitch = 0;
  roll = 0;
  /** How far the rigid points are from an average face's, root mean square, cm. */
  misfit = 0;
  /** What brings a point of the camera's frame to x of the head's. */
  private readonly across = new Float64Array(3);
  /** The head's axes as columns, in the camera's frame of x right, y up, z towards it; row by row. */
  private readonly turn = new Float64Array(9);
  private readonly inverse = new Float64Array(9);

  /**
   * @param landmarks x right, y down, z away from the camera of each, in any unit that is the same for all three
   * @returns false when these are not the landmarks of a face; the pose is as it was then
   */
  align(landmarks: ArrayLike<number>): boolean {
    const { turn } = this;
    let [mx, my, mz] = [0, 0, 0];
    for (const [i] of RIGID) {
      mx += (landmarks[3 * i] ?? 0) / RIGID.length;
      my -= (landmarks[3 * i + 1] ?? 0) / RIGID.length;
      mz -= (landmarks[3 * i + 2] ?? 0) / RIGID.length;
    }
    let spread = 0;
    for (const [i] of RIGID) {
      const x = (landmarks[3 * i] ?? 0) - mx;
      const y = -(landmarks[3 * i + 1] ?? 0) - my;
      const z = -(landmarks[3 * i + 2] ?? 0) - mz;
      spread += (x * x + y * y + z * z) / RIGID.length;
    }
    if (!(spread > 0) || !Number.isFinite(spread)) return false;
    const scale = Math.sqrt(SPREAD / spread);
    turn.fill(0);
    let [shiftX, shiftY] = [0, 0];
    for (const [i, cx, cy, cz] of RIGID) {
      const [ax, ay, az] = [cx - (MIDDLE[0] ?? 0), cy - (MIDDLE[1] ?? 0), cz - (MIDDLE[2] ?? 0)];
      const z = (-(landmarks[3 * i + 2] ?? 0) - mz) * scale;
      const x = ((landmarks[3 * i] ?? 0) - mx) * scale * (1 - z / DISTANCE);
      const y = (-(landmarks[3 * i + 1] ?? 0) - my) * scale * (1 - z / DISTANCE);
      shiftX += x / RIGID.length;
      shiftY += y / RIGID.length;
      add(turn, 0, x, ax, ay, az);
      add(turn, 3, y, ax, ay, az);
      add(turn, 6, z, ax, ay, az);
    }
    for (let i = 0; i < 9; i++) turn[i] = (turn[i] ?? 0) / (RIGID.length * SPREAD);
    if (!this.orthogonalise()) return false;
    return this.place(landmarks, mx, my, mz, scale, shiftX, shiftY);
  }

  /** Brings all landmarks into the average head's frame, and reads the angles. */
  private place(
    landmarks: ArrayLike<number>,
    mx: number,
    my: number,
    mz: number,
    scale: number,
    shiftX: number,
    shiftY: number,
  ): boolean {
    const { turn, points } = this;
    const [ax = 0, ay = 0, az = 0] = this.across;
    const [, xy = 0, xz = 0, yx = 0, yy = 0, yz = 0, , zy = 0, zz = 0] = turn;
    const [ox = 0, oy = 0, oz = 0] = MIDDLE;
    const count = Math.min(landmarks.length, points.length);
    let sum = 0;
    for (let i = 0; i < count; i += 3) {
      const z = (-(landmarks[i + 2] ?? 0) - mz) * scale;
      const near = scale * (1 - z / DISTANCE);
      const x = ((landmarks[i] ?? 0) - mx) * near - shiftX;
      const y = (-(landmarks[i + 1] ?? 0) - my) * near - shiftY;
      points[i] = ax * x + ay * y + az * z + ox;
      points[i + 1] = xy * x + yy * y + zy * z + oy;
      points[i + 2] = xz * x + yz * y + zz * z + oz;
      sum += (points[i] ?? 0) + (points[i + 1] ?? 0) + (points[i + 2] ?? 0);
    }
    if (!Number.isFinite(sum)) return false;
    let error = 0;
    for (const [i, cx, cy, cz] of RIGID) {
      error +=
        ((points[3 * i] ?? 0) - cx) ** 2 +
        ((points[3 * i + 1] ?? 0) - cy) ** 2 +
        ((points[3 * i + 2] ?? 0) - cz) ** 2;
    }
    this.misfit = Math.sqrt(error / RIGID.length);
    if (this.misfit > MAX_MISFIT) return false;
    this.yaw = Math.atan2(-xz, zz);
    this.pitch = Math.asin(Math.max(-1, Math.min(1, -yz)));
    this.roll = Math.atan2(-yx, yy);
    return true;
  }

  /** Replaces the matrix by the rotation nearest to it. */
  private orthogonalise(): boolean {
    const { turn, inverse } = this;
    for (let step = 0; step < POLAR_STEPS; step++) {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = turn;
      // Cofactors: the inverse's transpose, times the determinant.
      inverse[0] = e * i - f * h;
      inverse[1] = f * g - d * i;
      inverse[2] = d * h - e * g;
      inverse[3] = c * h - b * i;
      inverse[4] = a * i - c * g;
      inverse[5] = b * g - a * h;
      inverse[6] = b * f - c * e;
      inverse[7] = c * d - a * f;
      inverse[8] = a * e - b * d;
      const determinant = a * (inverse[0] ?? 0) + b * (inverse[1] ?? 0) + c * (inverse[2] ?? 0);
      // A mirrored or a flat face is none.
      if (!(determinant > 1e-9)) return false;
      // The networks turn a face's depths less than its places: across the face that looks like a jaw moved aside, so
      // that x is of the nearest affine map instead. Its other axes would be too uncertain so far below the eyes.
      if (step === 0) {
        for (let k = 0; k < 3; k++) this.across[k] = (ACROSS * (inverse[3 * k] ?? 0)) / determinant;
      }
      for (let k = 0; k < 9; k++) turn[k] = ((turn[k] ?? 0) + (inverse[k] ?? 0) / determinant) / 2;
    }
    return true;
  }
}

function add(matrix: Float64Array, at: number, value: number, x: number, y: number, z: number): void {
  matrix[at] = (matrix[at] ?? 0) + value * x;
  matrix[at + 1] = (matrix[at + 1] ?? 0) + value * y;
  matrix[at + 2] = (matrix[at + 2] ?? 0) + value * z;
}
