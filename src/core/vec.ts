/** x, y, z. */
export type Vec3 = readonly [number, number, number];

/** Orientation, w first as MuJoCo has it. */
export type Quat = readonly [number, number, number, number];

/** A half line in the world frame, m; the direction need not be of unit length. */
export interface Ray {
  readonly origin: Vec3;
  readonly direction: Vec3;
}
